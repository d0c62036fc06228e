import type { SeenDevice } from "../ledger.ts";
import type { Policy } from "../policy.ts";
import { shortName } from "./find-machines.ts";
import { isOverdue } from "./overdue.ts";

/** CMIDs that are watched at once, and machines of each: a bound on memory and flash. */
const MOST_CMIDS = 32;
const MOST_MACHINES = 4;

/** One of the machines that came with a CMID. */
export interface CloneMachine {
  readonly hostname: string;
  readonly fingerprint: string;
  /** When it was first and last seen under the CMID, as far as that is known. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** How often it came back after another had come. */
  readonly returns: number;
}

/** A CMID that more than one device came with. Kept only for such, so that others cost nothing. */
export interface Sighting {
  readonly cmid: string;
  /** In the order in which they were first seen. */
  readonly machines: readonly CloneMachine[];
}

/** Another device than before came with a known CMID. */
export interface DeviceChange {
  readonly cmid: string;
  readonly before: SeenDevice;
  readonly now: SeenDevice;
}

/** A CMID on several machines. */
export interface Clone extends Sighting {
  /** `alternation`: one came back after another; `overlap`: too soon after another to replace it. */
  readonly evidence: "alternation" | "overlap";
  /** Whether at least two of them go on asking, as far as is known. */
  readonly active: boolean;
}

type Device = Pick<SeenDevice, "hostname" | "fingerprint">;

/** A name with and without its domain is one name. */
export function isSameDevice(a: Device, b: Device): boolean {
  return a.fingerprint === b.fingerprint && shortName(a.hostname) === shortName(b.hostname);
}

/** What is known after a change; the CMIDs seen last are kept, and what the retention still covers. */
export function noteChange(
  sightings: readonly Sighting[],
  { cmid, before, now }: DeviceChange,
  { cmidRetentionMs }: Pick<Policy, "cmidRetentionMs">,
): Sighting[] {
  const known = sightings.find((each) => each.cmid === cmid)?.machines ?? [];
  const machines = seen(seen(known, before, false), now, true)
    .filter(({ lastMs }) => now.lastContactMs - lastMs < cmidRetentionMs)
    .toSorted((a, b) => b.lastMs - a.lastMs)
    .slice(0, MOST_MACHINES)
    .toSorted((a, b) => a.firstMs - b.firstMs);
  const others = sightings.filter((each) => each.cmid !== cmid);
  return [...others, { cmid, machines }].slice(-MOST_CMIDS);
}

function seen(
  machines: readonly CloneMachine[],
  device: SeenDevice,
  comes: boolean,
): CloneMachine[] {
  const { hostname, fingerprint, lastContactMs } = device;
  const index = machines.findIndex((machine) => isSameDevice(machine, device));
  const known = machines[index];
  if (!known) {
    const times = { firstMs: lastContactMs, lastMs: lastContactMs, returns: 0 };
    return [...machines, { hostname, fingerprint, ...times }];
  }
  const returns = known.returns + (comes ? 1 : 0);
  return machines.with(index, { ...known, hostname, lastMs: lastContactMs, returns });
}

/**
 * The clones among the CMIDs that several devices came with.
 *
 * A machine that was renamed, or whose parts were changed, is none: it does not come back as it was.
 * Two fingerprints are, where the second came less than a renewal interval after the first: a machine
 * that replaces another takes a new identity.
 *
 * @param device who asked last under a CMID; undefined if it is not known any more
 */
export function clonesAmong(
  sightings: readonly Sighting[],
  policy: Policy,
  nowMs: number,
  device: (cmid: string) => SeenDevice | undefined,
): Clone[] {
  return sightings.flatMap(({ cmid, machines: noted }) => {
    const last = device(cmid);
    if (!last) return [];
    const machines = seen(noted, last, false).filter(
      ({ lastMs }) => nowMs - lastMs < policy.cmidRetentionMs,
    );
    const evidence = evidenceOf(machines, policy);
    if (!evidence) return [];
    const asking = machines.filter(({ lastMs }) => !isOverdue(lastMs, policy, nowMs));
    return [{ cmid, machines, evidence, active: asking.length > 1 }];
  });
}

function evidenceOf(
  machines: readonly CloneMachine[],
  { renewalIntervalMs }: Policy,
): Clone["evidence"] | undefined {
  if (machines.length < 2) return undefined;
  if (machines.some(({ returns }) => returns > 0)) return "alternation";
  const overlaps = machines.some((next, index) => {
    const previous = machines[index - 1];
    return (
      previous !== undefined &&
      previous.fingerprint !== next.fingerprint &&
      next.firstMs - previous.lastMs < renewalIntervalMs
    );
  });
  return overlaps ? "overlap" : undefined;
}
