import { Readable } from "node:stream";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { UploadRefusedError } from "../../ports/backup.ts";

export const FILE = "application/octet-stream";

/** Lets the routes of `app` take a file as it comes; whoever takes it holds it to its length. */
export function takeFiles(app: FastifyInstance): void {
  app.addContentTypeParser(FILE, (_request, payload, done) => done(null, payload));
}

/**
 * The file that is the body of a request, and how many bytes were announced.
 *
 * @throws {UploadRefusedError}
 */
export function fileOf({ body, headers }: FastifyRequest): { body: Readable; bytes: number } {
  const bytes = Number(headers["content-length"]);
  if (!Number.isSafeInteger(bytes) || bytes < 1 || !(body instanceof Readable)) {
    throw new UploadRefusedError(
      `Send the file itself as the body, as ${FILE} with its Content-Length.`,
    );
  }
  return { body, bytes };
}
