import type { PublicJwk } from "../../domain/claims.ts";
import type { TrustFact } from "../../domain/doctor/client-judgements.ts";
import { type InstalledLicence, licenceValidity } from "../../domain/licence.ts";
import type { HostAnswer } from "../../protocol/api.ts";
import { openLicence } from "../../protocol/licence.ts";
import { MalformedTokenError } from "../../protocol/malformed-token.ts";
import { TOKEN_CRYPTO } from "../crypto.ts";
import { vendorThumbprint } from "../vendor-pin.ts";

/** A host as it introduced itself. */
export interface MetHost {
  /** `HOST:PORT` */
  readonly place: string;
  readonly answer: HostAnswer;
}

export interface Pinned {
  readonly product: string;
  readonly vendorKey: PublicJwk;
}

/** Whether a host shows a licence of the pinned vendor, for its own key, that covers the product. */
export async function hostTrust(
  { place, answer }: MetHost,
  { product, vendorKey }: Pinned,
  nowMs: number,
): Promise<TrustFact> {
  const opened = await Promise.all(answer.licences.map(openedOrNone));
  const licences = opened.filter((each) => each !== undefined);
  const vendor = vendorThumbprint(vendorKey);
  const why = whyNot(licences, { host: answer.host, vendor, product, nowMs });
  return why === null ? { trusted: true, host: place } : { trusted: false, host: place, why };
}

interface Expected {
  /** Thumbprint of the host's key. */
  readonly host: string;
  readonly vendor: string;
  readonly product: string;
  readonly nowMs: number;
}

/** Sieves by one condition after the other: the first that leaves none is the reason. */
function whyNot(licences: readonly InstalledLicence[], expected: Expected): string | null {
  const { host, vendor, product, nowMs } = expected;
  if (licences.length === 0) return "it has no licence.";
  const ours = licences.filter(({ vendorThumbprint }) => vendorThumbprint === vendor);
  if (ours.length === 0) return "it has a licence of another vendor than the one pinned here.";
  const its = ours.filter(({ claims }) => claims.sub === host);
  if (its.length === 0) return "its licence was issued for another host.";
  const covering = its.filter(({ claims }) => claims.products.some(({ id }) => id === product));
  if (covering.length === 0) return "its licence does not cover it.";
  const valid = covering.some(({ claims }) => licenceValidity(claims, nowMs) === "valid");
  return valid ? null : "its licence is not valid now.";
}

async function openedOrNone(token: string): Promise<InstalledLicence | undefined> {
  try {
    return await openLicence(token, TOKEN_CRYPTO);
  } catch (error) {
    if (error instanceof MalformedTokenError) return undefined;
    throw error;
  }
}
