import { TOKEN_CRYPTO } from "../../../client/crypto.ts";
import { SECOND_MS } from "../../../domain/units.ts";
import { NodeEd25519Signer } from "../../../platform/ed25519.ts";
import { type TrustedLease, trustLease } from "../../../protocol/lease.ts";
import { formatTime } from "../../support/dates.ts";
import { fieldLines } from "../../support/table.ts";
import type { DemoIdentity } from "./demo-clients.ts";
import type { DemoStep } from "./play.ts";
import type { Stage } from "./stage.ts";

/** What a demonstration came to. */
export interface DemoOutcome {
  readonly product: string;
  readonly clients: number;
  readonly count: number;
  readonly threshold: number;
  /** Clients that must still ask before any is activated. */
  readonly missing: number;
  readonly activated: number;
  readonly refused: readonly { readonly hostname: string; readonly message: string }[];
  /** One of the leases, followed back to the vendor's key; null if there is none. */
  readonly verified: VerifiedLease | null;
}

export interface VerifiedLease {
  readonly hostname: string;
  readonly cmid: string;
  readonly product: string;
  /** ISO 8601. */
  readonly expires: string;
  readonly host: string;
  readonly vendor: string;
  readonly vendorThumbprint: string;
}

/** @throws {LeaseNotTrustedError} the lease looked at does not hold */
export async function outcomeOf(
  stage: Stage,
  clients: readonly DemoIdentity[],
  steps: readonly DemoStep[],
): Promise<DemoOutcome> {
  const { id, threshold } = stage.product;
  const count = Math.max(0, ...steps.map((step) => step.count));
  return {
    product: id,
    clients: clients.length,
    count,
    threshold,
    missing: Math.max(0, threshold - count),
    activated: steps.filter(({ reply }) => reply.kind === "activated").length,
    refused: steps.flatMap(({ hostname, reply }) =>
      reply.kind === "failed" ? [{ hostname, message: reply.message }] : [],
    ),
    verified: await verifyOne(stage, clients, steps),
  };
}

async function verifyOne(
  { vendorThumbprint, product }: Stage,
  clients: readonly DemoIdentity[],
  steps: readonly DemoStep[],
): Promise<VerifiedLease | null> {
  const index = steps.findLastIndex(({ reply }) => reply.kind === "activated");
  const reply = steps[index]?.reply;
  const client = clients[index];
  if (reply?.kind !== "activated" || !client) return null;
  const { cmid, thumbprint: clientThumbprint } = new NodeEd25519Signer(client.key);
  const expected = { vendorThumbprint, cmid, clientThumbprint, product: product.id };
  const trusted = await trustLease(reply.tokens, expected, TOKEN_CRYPTO);
  return verifiedLease(client.hostname, trusted, vendorThumbprint);
}

function verifiedLease(
  hostname: string,
  { lease, licence }: TrustedLease,
  vendorThumbprint: string,
): VerifiedLease {
  return {
    hostname,
    cmid: lease.sub,
    product: lease.product,
    expires: new Date(lease.exp * SECOND_MS).toISOString(),
    host: lease.iss,
    vendor: licence.iss,
    vendorThumbprint,
  };
}

/** The outcome for a person. */
export function outcomeLines(outcome: DemoOutcome): string[] {
  const { clients, count, threshold, missing, activated, refused, verified } = outcome;
  const refusals = refused.map(({ hostname, message }) => `${hostname} was refused: ${message}`);
  const counts = `The count is ${count}, the threshold ${threshold}:`;
  if (!verified && missing === 0)
    return [`${counts} reached, but nobody is activated.`, ...refusals];
  if (!verified) {
    return [
      `${counts} nobody is activated until ${missing} more ${missing === 1 ? "client asks" : "clients ask"}.`,
      ...refusals,
      `For that: kms-box demo ${clients + missing}`,
    ];
  }
  return [
    `${counts} ${activated} of ${clients} clients are activated.`,
    ...refusals,
    "",
    `The lease of ${verified.hostname} was checked and holds:`,
    ...fieldLines([
      ["  Client (CMID)", verified.cmid],
      ["  Product", verified.product],
      ["  Activated until", formatTime(Date.parse(verified.expires))],
      ["  Signed by host", verified.host],
      ["  Licensed by", `${verified.vendor} (${verified.vendorThumbprint})`],
    ]),
  ];
}
