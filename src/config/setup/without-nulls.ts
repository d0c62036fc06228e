import { isRecord } from "../config.ts";

type Members = Record<string, unknown>;

/** A patch with nothing but what it sets: null is what takes a member away (RFC 7396). */
export function withoutNulls(patch: Readonly<Members>): Members {
  return patched({}, patch);
}

/** Lays a JSON merge patch (RFC 7396) over an object: null takes away, lists are replaced. */
export function patched(base: Readonly<Members>, patch: Readonly<Members>): Members {
  const result = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(patch)) {
    const below = result.get(key);
    if (value === null) result.delete(key);
    else if (isRecord(value)) result.set(key, patched(isRecord(below) ? below : {}, value));
    else result.set(key, value);
  }
  return Object.fromEntries(result);
}
