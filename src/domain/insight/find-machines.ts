import type { ActivationLedger } from "../ledger.ts";

/** Machines of one name that are told; an image that was never renamed may have thousands. */
const MOST_OF_A_NAME = 100;
const STEP = 1024;
const CMID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export interface FoundMachine {
  readonly cmid: string;
  readonly hostname: string;
}

/**
 * The machines that are meant by each name: a CMID, a whole host name or the first label of one, in
 * any case. A name that is not known has none; one that several machines share has them all.
 *
 * Yields every now and then.
 */
export function* findMachines(
  ledger: ActivationLedger,
  names: readonly string[],
): Generator<void, Map<string, FoundMachine[]>> {
  const found = new Map<string, FoundMachine[]>(names.map((name) => [name, []]));
  const byName = new Map<string, FoundMachine[]>();
  for (const [name, machines] of found) {
    const wanted = name.toLowerCase();
    const device = CMID.test(wanted) ? ledger.device(wanted) : undefined;
    if (device) machines.push({ cmid: wanted, hostname: device.hostname });
    else byName.set(wanted, machines);
  }
  if (byName.size === 0) return found;
  for (let place = 0; place < ledger.places; place++) {
    if (place % STEP === STEP - 1) yield;
    const hostname = ledger.hostnameAt(place)?.toLowerCase();
    if (hostname === undefined) continue;
    const label = shortName(hostname);
    for (const name of label === hostname ? [hostname] : [hostname, label]) {
      const machines = byName.get(name);
      const record = machines && machines.length < MOST_OF_A_NAME ? ledger.at(place) : undefined;
      if (record) machines?.push({ cmid: record.cmid, hostname: record.hostname });
    }
  }
  return found;
}

/** Whether a machine of this host name is meant by a name. */
export function isCalled(hostname: string, name: string): boolean {
  const [own, wanted] = [hostname.toLowerCase(), name.toLowerCase()];
  return own === wanted || shortName(own) === wanted;
}

/** A host name's first label, in lower case. */
export function shortName(hostname: string): string {
  const lower = hostname.toLowerCase();
  const dot = lower.indexOf(".");
  return dot > 0 ? lower.slice(0, dot) : lower;
}
