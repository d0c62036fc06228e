/** Licence states of a client, in the order in which a client passes through them. */
export const LICENCE_STATUSES = [
  "unlicensed",
  "initial-grace",
  "licensed",
  "out-of-tolerance-grace",
  "notification",
] as const;

export type LicenceStatus = (typeof LICENCE_STATUSES)[number];
