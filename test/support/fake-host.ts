import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { LeaseClaims, LicenceClaims, RequestClaims } from "../../src/domain/claims.ts";
import { DAY_MS, SECOND_MS } from "../../src/domain/units.ts";
import { generatePrivateJwk, NodeEd25519Signer, sha256 } from "../../src/platform/ed25519.ts";
import { makeLease } from "../../src/protocol/lease.ts";
import { makeLicence } from "../../src/protocol/licence.ts";
import {
  type ProblemDetails,
  type ProblemName,
  problemDocument,
} from "../../src/protocol/problems.ts";
import { openRequest } from "../../src/protocol/request.ts";
import { keyNames } from "../../src/protocol/thumbprint.ts";

/** How the host behaves; hostile where a member says so. */
export interface FakeHostBehaviour {
  /** Refuses with this problem instead of activating. */
  readonly refuse?: { readonly name: ProblemName; readonly details?: ProblemDetails };
  /** Changes what would be signed. */
  readonly lease?: (claims: LeaseClaims) => LeaseClaims;
  readonly licence?: (claims: LicenceClaims) => LicenceClaims;
  /** Answers in place of the protocol. */
  readonly answer?: (request: IncomingMessage, response: ServerResponse) => void;
  /** Members of the 200 answer in place of its own. */
  readonly members?: Readonly<Record<string, unknown>>;
  /** The host's clock, milliseconds. */
  readonly nowMs?: () => number;
}

export const FAKE_PRODUCT = "office-suite";
const SERVED_PRODUCT = {
  id: FAKE_PRODUCT,
  name: "Office Suite",
  application: "office",
  threshold: 1,
};

/** A host of one product that signs with real keys, in as few lines as will do for a client's tests. */
export class FakeHost {
  readonly vendor: NodeEd25519Signer;
  readonly host: NodeEd25519Signer;
  behaviour: FakeHostBehaviour = {};
  readonly requests: RequestClaims[] = [];
  readonly #server: Server;

  private constructor(vendor: NodeEd25519Signer, host: NodeEd25519Signer) {
    this.vendor = vendor;
    this.host = host;
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
  }

  static async start(address = "127.0.0.1"): Promise<FakeHost> {
    const keys = await Promise.all([generatePrivateJwk(), generatePrivateJwk()]);
    const [vendor, host] = keys.map((jwk) => new NodeEd25519Signer(jwk));
    if (!vendor || !host) throw new Error("no keys");
    const fake = new FakeHost(vendor, host);
    await new Promise<void>((resolve) => fake.#server.listen(0, address, resolve));
    return fake;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.behaviour.answer) {
      this.behaviour.answer(request, response);
      return;
    }
    if (request.method === "GET") {
      send(response, 200, this.#introduction(await this.#licence()));
      return;
    }
    const { claims, jwk } = openRequest((await buffer(request)).toString("utf8"));
    this.requests.push(claims);
    const { refuse } = this.behaviour;
    if (refuse) {
      const document = problemDocument(refuse.name, refuse.details);
      const after = refuse.details?.retryAfterSeconds;
      send(response, document.status, document, after);
      return;
    }
    send(response, 200, await this.#answer(claims, keyNames(jwk, sha256).thumbprint));
  }

  get #nowSec(): number {
    return Math.floor((this.behaviour.nowMs?.() ?? Date.now()) / SECOND_MS);
  }

  async #answer(request: RequestClaims, jkt: string) {
    const claims: LeaseClaims = {
      iss: this.host.thumbprint,
      sub: request.sub,
      cnf: { jkt },
      product: request.product,
      iat: this.#nowSec,
      exp: this.#nowSec + (180 * DAY_MS) / SECOND_MS,
      nonce: request.jti,
      count: 25,
      threshold: 25,
    };
    const lease = this.behaviour.lease?.(claims) ?? claims;
    return {
      lease: await makeLease(lease, (data) => this.host.sign(data)),
      licence: await this.#licence(),
      count: 25,
      threshold: 25,
      validityMinutes: 259_200,
      renewalIntervalMinutes: 10_080,
      retryIntervalMinutes: 120,
      ...this.behaviour.members,
    };
  }

  #licence(): Promise<string> {
    const claims: LicenceClaims = {
      iss: "Test Vendor",
      sub: this.host.thumbprint,
      cnf: { jwk: this.host.publicJwk },
      products: [SERVED_PRODUCT],
      iat: this.#nowSec - 1000,
      nbf: this.#nowSec - 1000,
      exp: this.#nowSec + 1000,
      jti: "AAAAAAAAAAAAAAAAAAAAAA",
    };
    const changed = this.behaviour.licence?.(claims) ?? claims;
    return makeLicence(changed, this.vendor, (data) => this.vendor.sign(data));
  }

  #introduction(licence: string) {
    return {
      host: this.host.thumbprint,
      licence,
      licences: [licence],
      time: this.#nowSec,
      products: [{ ...SERVED_PRODUCT, count: 25, activating: true }],
    };
  }
}

function send(response: ServerResponse, status: number, value: object, retryAfter?: number): void {
  const type = status === 200 ? "application/json" : "application/problem+json";
  response.writeHead(status, {
    "content-type": type,
    ...(retryAfter !== undefined && { "retry-after": String(retryAfter) }),
  });
  response.end(JSON.stringify(value));
}
