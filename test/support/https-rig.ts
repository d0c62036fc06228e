import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { type Agent, request } from "node:https";
import { text } from "node:stream/consumers";
import type { TLSSocket } from "node:tls";
import { pino } from "pino";
import { makeCertificate } from "../../src/adapters/keys/certificate-maker.ts";
import { AdminServer, type AdminServerParts } from "../../src/web/admin/admin-server.ts";
import type { SessionAnswer } from "../../src/web/api/session-schemas.ts";
import { Doorkeeper } from "../../src/web/pages/doorkeeper.ts";
import { AdminRig } from "./admin-rig.ts";
import { apiParts } from "./api-parts.ts";
import { type TestHost, testHost } from "./host.ts";

export const PASSWORD = "four words of mine";

export interface HttpsAnswer<T = Record<string, unknown>> {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: T;
}

interface Asking {
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** A connection of its own for each request where left out. */
  readonly agent?: Agent;
}

let pair: Promise<AdminServerParts["certificate"]> | undefined;

/** A certificate for loopback that all tests share: making one takes a process. */
export function testPair(): Promise<AdminServerParts["certificate"]> {
  const nowMs = Date.now();
  pair ??= makeCertificate({
    names: ["localhost", "127.0.0.1"],
    fromMs: nowMs - 60_000,
    toMs: nowMs + 86_400_000,
  });
  return pair;
}

/** A browser, or a program, as far as cookies and tokens matter. */
export class HttpsClient {
  readonly #port: number;
  readonly headers: Record<string, string> = {};
  cookie = "";
  /** Of the certificate that was met last. */
  fingerprint = "";

  constructor(port: number) {
    this.#port = port;
  }

  async call<T = Record<string, unknown>>(
    method: string,
    path: string,
    { body, headers = {}, agent }: Asking = {},
  ): Promise<HttpsAnswer<T>> {
    const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
      const outgoing = request(
        {
          host: "127.0.0.1",
          port: this.#port,
          method,
          path,
          agent: agent ?? false,
          rejectUnauthorized: false,
          headers: {
            ...this.headers,
            ...(this.cookie === "" ? {} : { cookie: this.cookie }),
            ...(body === undefined ? {} : { "content-type": "application/json" }),
            ...headers,
          },
        },
        resolve,
      );
      outgoing.on("error", reject);
      outgoing.end(typeof body === "string" ? body : body && JSON.stringify(body));
    });
    this.fingerprint = (incoming.socket as TLSSocket).getPeerCertificate().fingerprint256;
    const said = await text(incoming);
    for (const line of incoming.headers["set-cookie"] ?? []) {
      this.cookie = line.split(";", 1)[0] ?? "";
    }
    // Of an answer to HEAD there is no body.
    const isJson = said !== "" && incoming.headers["content-type"]?.startsWith("application/json");
    return {
      status: incoming.statusCode,
      headers: incoming.headers,
      text: said,
      body: (isJson ? JSON.parse(said) : {}) as T,
    };
  }

  /** As the page does once somebody is let in: unsafe requests bring the session's token. */
  adopt({ csrfToken }: Pick<SessionAnswer, "csrfToken">): void {
    this.headers["x-csrf-token"] = csrfToken ?? "";
  }
}

/** The administration of a test's host, served on loopback. */
export class HttpsRig {
  readonly host: TestHost;
  readonly admin: AdminRig;
  readonly server: AdminServer;
  readonly #door: Doorkeeper;
  port = 0;

  private constructor(host: TestHost, admin: AdminRig, server: AdminServer) {
    this.host = host;
    this.admin = admin;
    this.server = server;
    this.#door = new Doorkeeper({ make: () => server.open(), maxConnections: 128 });
  }

  static async start(parts: Partial<AdminServerParts> = {}): Promise<HttpsRig> {
    const host = await testHost();
    const admin = new AdminRig(host);
    const server = new AdminServer({
      ...apiParts(host, admin),
      assets: undefined,
      files: undefined,
      certificate: await testPair(),
      monotonic: host.clock,
      version: "1.2.3",
      logger: pino({ level: "silent" }),
      ...parts,
    });
    const rig = new HttpsRig(host, admin, server);
    const { port } = await rig.#door.start({ bind: "127.0.0.1", port: 0 });
    rig.port = port;
    return rig;
  }

  client(): HttpsClient {
    return new HttpsClient(this.port);
  }

  /** A browser whose administrator has claimed the box. */
  async claimed(): Promise<HttpsClient> {
    const client = this.client();
    const { code } = this.admin.codes.issue();
    const body = { code, password: PASSWORD };
    const answer = await client.call<SessionAnswer>("POST", "/api/v1/claim", { body });
    client.adopt(answer.body);
    return client;
  }

  stop(): Promise<void> {
    return this.#door.stop();
  }
}
