import type { LeaseClaims } from "../domain/claims.ts";
import { FIRST_GENERATION } from "../domain/generation.ts";
import { type Generations, openLease } from "../protocol/lease.ts";
import { MalformedTokenError } from "../protocol/malformed-token.ts";
import type { ProductRecord } from "./shapes.ts";

/** What a client knows of hosts that were restored from a backup. */
export interface SeenGenerations {
  readonly generations: Generations;
  /** A lease of such a host, which shows the one that it replaced that it was. */
  readonly proof?: string;
}

/** Hosts remembered; an office has one or two. */
const MOST_HOSTS = 16;

/** What the record of a product tells. */
export function seenGenerations({ generations = {}, tokens }: ProductRecord): SeenGenerations {
  if (tokens === null || !isOfRestored(tokens.lease)) return { generations };
  return { generations, proof: tokens.lease };
}

function isOfRestored(token: string): boolean {
  try {
    const { lease } = openLease(token);
    return (lease.generation ?? FIRST_GENERATION) > FIRST_GENERATION;
  } catch (error) {
    if (error instanceof MalformedTokenError) return false;
    throw error;
  }
}

/** The member of the record after a lease was believed; absent while no host was restored. */
export function withGeneration(
  known: Generations | undefined,
  { iss, generation = FIRST_GENERATION }: LeaseClaims,
): { readonly generations?: Generations } {
  if (generation === FIRST_GENERATION) return known === undefined ? {} : { generations: known };
  const others = Object.entries(known ?? {}).filter(([host]) => host !== iss);
  const newest = [...others, [iss, generation] as const].slice(-MOST_HOSTS);
  return { generations: Object.fromEntries(newest) };
}
