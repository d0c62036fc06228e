import type { Config } from "../../config/schema.ts";
import { KmsError } from "../../domain/errors.ts";
import { reasonOf } from "../support/files.ts";

/** The system did not let the box have what it needs. */
export class StartFailedError extends KmsError {
  readonly code = "start-failed";
}

/** The system's error in one sentence that says what to do; any other error as it is. */
export function startFault(error: unknown, { data, bind, port }: Config): unknown {
  if (error instanceof KmsError) return error;
  const { code, syscall = "", path } = error as NodeJS.ErrnoException;
  const fail = (message: string) => new StartFailedError(message, { cause: error });
  if (code === "EADDRINUSE") {
    return fail(
      `Port ${port} is in use by another program. Stop that one, or choose another port with --port.`,
    );
  }
  if (code === "EADDRNOTAVAIL" || syscall.startsWith("getaddrinfo")) {
    return fail(
      `This machine has no address ${bind}. Name one of its own with --bind, or leave it out.`,
    );
  }
  if (code === "EACCES" && syscall === "listen" && path === undefined) {
    return fail(`This user may not listen on port ${port}. Choose a port above 1023 with --port.`);
  }
  if (code === undefined || path === undefined) return error;
  const reason = code === "ENOENT" ? "it is not there and cannot be made" : reasonOf(error);
  return fail(
    `The state folder ${data} cannot be used: ${reason}. Give it to this user, or name ` +
      "another with --data.",
  );
}
