import { DAY_MS } from "../units.ts";

/** Bytes that makers call a terabyte. */
export const TERABYTE = 1e12;

/** What was written by a moment, from which on writes are counted as those since the installation. */
export interface WearBaseline {
  readonly fileSystem: string;
  readonly lifetimeBytes: number;
  readonly atMs: number;
}

export interface WearFacts {
  /** Written to the whole device since the machine was started; null where it is not known. */
  readonly sinceBootBytes: number | null;
  readonly uptimeMs: number;
  /** Written to the file system since it was made. */
  readonly lifetimeBytes: number | null;
  readonly baseline: WearBaseline | null;
  readonly nowMs: number;
  /** What the maker states that the card takes; null if nobody entered it. */
  readonly enduranceBytes: number | null;
}

/** How fast the flash is used up. Null is what cannot be told. */
export interface FlashWear {
  readonly sinceBootBytes: number | null;
  /** Bytes a day. */
  readonly sinceBootDaily: number | null;
  readonly sinceInstallBytes: number | null;
  readonly sinceInstallDaily: number | null;
  readonly lifetimeBytes: number | null;
  readonly enduranceBytes: number | null;
  /** How much longer the flash lasts at the pace since the installation, else since the start. */
  readonly leftMs: number | null;
}

/** A pace is told once this much time has passed: the first minutes are unlike all others. */
const LEAST_SPAN_MS = DAY_MS / 24;
/** The pace since the installation is the better one from here on. */
const LONG_SPAN_MS = DAY_MS;

export function flashWear(facts: WearFacts): FlashWear {
  const { sinceBootBytes, uptimeMs, lifetimeBytes, baseline, nowMs, enduranceBytes } = facts;
  const isSince = baseline !== null && lifetimeBytes !== null;
  const sinceInstallBytes = isSince ? lifetimeBytes - baseline.lifetimeBytes : null;
  const spanMs = baseline === null ? 0 : nowMs - baseline.atMs;
  const sinceBootDaily = daily(sinceBootBytes, uptimeMs);
  const sinceInstallDaily = daily(sinceInstallBytes, spanMs);
  const isLong = spanMs >= LONG_SPAN_MS && sinceInstallDaily !== null;
  const pace = isLong ? sinceInstallDaily : sinceBootDaily;
  const used = lifetimeBytes ?? sinceBootBytes;
  const left = enduranceBytes === null || used === null ? null : Math.max(0, enduranceBytes - used);
  return {
    sinceBootBytes,
    sinceBootDaily,
    sinceInstallBytes,
    sinceInstallDaily,
    lifetimeBytes,
    enduranceBytes,
    leftMs: left === null || pace === null || pace === 0 ? null : (left / pace) * DAY_MS,
  };
}

function daily(bytes: number | null, spanMs: number): number | null {
  return bytes === null || spanMs < LEAST_SPAN_MS ? null : (bytes / spanMs) * DAY_MS;
}
