import { readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { KmsError } from "../../domain/errors.ts";
import type { PageFiles } from "./page-files.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** A name changes with the content, so that what is kept under it never becomes wrong. */
const FOR_EVER = "public, max-age=31536000, immutable";

/** The pages are not there, as where a program runs that was never built. */
export class PagesMissingError extends KmsError {
  readonly code = "pages-missing";
}

/** What browsers load besides the pages themselves, as the build left it. */
export class PageAssets {
  readonly #folder: string;
  readonly #names: ReadonlySet<string>;
  readonly #pages: Readonly<Record<string, PageFiles>>;

  private constructor(
    folder: string,
    names: ReadonlySet<string>,
    pages: Readonly<Record<string, PageFiles>>,
  ) {
    this.#folder = folder;
    this.#names = names;
    this.#pages = pages;
  }

  /**
   * @param web the folder `dist/web`
   * @throws {PagesMissingError}
   */
  static async open(web: string): Promise<PageAssets> {
    const folder = join(web, "assets");
    try {
      const [names, pages] = await Promise.all([
        readdir(folder),
        readFile(join(web, "pages.json"), "utf8"),
      ]);
      return new PageAssets(folder, new Set(names), JSON.parse(pages));
    } catch (cause) {
      throw new PagesMissingError(
        `The pages cannot be read from ${web}. Install the package again, or run "npm run build".`,
        { cause },
      );
    }
  }

  /** @throws {PagesMissingError} the build made no such page */
  page(name: string): PageFiles {
    const files = this.#pages[name];
    if (!files) throw new PagesMissingError(`The build made no page "${name}".`);
    return files;
  }

  /** Serves them below `/assets/`; any other name is not found, whatever is in it. */
  addRoutes(app: FastifyInstance, config: object = {}): void {
    app.get<{ Params: { name: string } }>(
      "/assets/:name",
      { config, schema: { hide: true } as object },
      (request, reply) => this.#send(request, reply, request.params.name),
    );
  }

  async #send(request: FastifyRequest, reply: FastifyReply, name: string): Promise<FastifyReply> {
    const type = TYPES[extname(name)];
    // Only what was there at the start is ever opened: no name leads out of the folder.
    if (type === undefined || !this.#names.has(name)) {
      reply.callNotFound();
      return reply;
    }
    const packed = takesGzip(request.headers["accept-encoding"]) && this.#names.has(`${name}.gz`);
    reply
      .type(type)
      .header("cache-control", FOR_EVER)
      .header("vary", "accept-encoding")
      .header("x-content-type-options", "nosniff");
    if (packed) reply.header("content-encoding", "gzip");
    return reply.send(await readFile(join(this.#folder, packed ? `${name}.gz` : name)));
  }
}

/** Whether a reader named it and did not rule it out (RFC 9110, section 12.5.3). */
function takesGzip(accepted: string | undefined): boolean {
  return (accepted ?? "").split(",").some((coding) => {
    const [name = "", ...parameters] = coding.split(";").map((part) => part.trim().toLowerCase());
    return name === "gzip" && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}
