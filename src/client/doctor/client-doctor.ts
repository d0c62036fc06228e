import {
  judgeCached,
  judgeCandidates,
  judgeHostTrust,
  judgeLease,
  judgeLookup,
} from "../../domain/doctor/client-judgements.ts";
import type { Meeting, Met } from "../../domain/doctor/dns-facts.ts";
import { skipped } from "../../domain/doctor/finding.ts";
import { type Check, once, runChecks } from "../../domain/doctor/run-checks.ts";
import { type Diagnosis, diagnose } from "../../domain/doctor/summary.ts";
import { judgeOffset } from "../../domain/doctor/time-judgements.ts";
import type { Policy } from "../../domain/policy.ts";
import { SECOND_MS } from "../../domain/units.ts";
import type { Clock } from "../../ports/clock.ts";
import { findHosts } from "../finders.ts";
import type { Finding, HostFinder } from "../finding.ts";
import { formatHostAddress, type HostAddress } from "../host-address.ts";
import { askHost } from "../introduction.ts";
import type { StateFolder } from "../state-folder.ts";
import type { Transport } from "../transport.ts";
import { hostTrust, type MetHost, type Pinned } from "./host-trust.ts";
import { lookAtLease } from "./lease-look.ts";

export interface ClientDoctorParts {
  /** From the cable to the name server, given whether a host answers although that one is dead. */
  readonly networkChecks: (worksWithoutNames: () => Promise<boolean>) => readonly Check[];
  /** Whether hosts can be looked for without a name server. */
  readonly needsNames: boolean;
  readonly finders: readonly HostFinder[];
  readonly transport: Transport;
  readonly folder: StateFolder;
  /** Products installed here, with the vendor's key of each. */
  readonly pinned: readonly Pinned[];
  /** The host that worked last. */
  readonly cached: HostAddress | null;
  readonly clock: Clock;
  readonly policy: Policy;
  /** What is not known when this resolves is skipped. */
  readonly deadline: Promise<unknown>;
}

/** A host that was asked, and what it said if it is one. */
interface Asked extends Met {
  readonly host: MetHost | null;
}

/** Finds out why this machine is not activated. Counts nothing and changes nothing. */
export async function examineClient(
  parts: ClientDoctorParts,
  progress: (running: readonly string[]) => void,
): Promise<Diagnosis> {
  const { deadline } = parts;
  return diagnose(await runChecks(checksOf(parts), { deadline, progress }));
}

function checksOf(parts: ClientDoctorParts): Check[] {
  const { networkChecks, needsNames, finders, transport } = parts;
  const found = once(() => findHosts(finders));
  const asked = once(async () =>
    Promise.all((await found()).hosts.map((host) => meet(host, transport))),
  );
  const worksWithoutNames = async () => {
    if (!needsNames) return true;
    const met = await asked().catch(() => []);
    return met.some(({ meeting }) => meeting.kind === "host");
  };
  return [
    ...networkChecks(worksWithoutNames),
    {
      id: "look-up",
      title: "Look-up",
      needs: [needsNames ? "name-servers" : "address"],
      look: async () => judgeLookup(lookupOf(await found())),
    },
    {
      id: "hosts",
      title: "Hosts",
      needs: ["look-up"],
      look: async () => judgeCandidates(await asked()),
    },
    ...hostChecks(parts, asked),
    lastHostCheck(parts, async () => (await found()).hosts.some(({ how }) => how !== "cache")),
    ...leaseChecks(parts),
  ];
}

function lookupOf({ hosts, whyNot, asked }: Finding) {
  const said = asked.filter((each) => each.whyNot !== "");
  const reasons = said.map((each) => `${each.place}: ${each.whyNot}`).join("; ");
  const why = hosts[0]?.why ?? "";
  return { hosts, why, whyNot: whyNot || reasons || "no look-up found any" };
}

function hostChecks(
  { pinned, clock, policy }: ClientDoctorParts,
  asked: () => Promise<readonly Asked[]>,
): Check[] {
  const met = async () => (await asked()).flatMap(({ host }) => host ?? []);
  const clockCheck: Check = {
    id: "clock",
    title: "Clock",
    needs: ["hosts"],
    look: async () => {
      const [host] = await met();
      if (!host) return skipped("No host was met.");
      const aheadMs = clock.nowMs() - host.answer.time * SECOND_MS;
      return judgeOffset(aheadMs, `the host ${host.place}`, policy.clockSkewMs);
    },
  };
  const trustChecks = pinned.map(
    (each): Check => ({
      id: `trust:${each.product}`,
      title: `Licence for ${each.product}`,
      needs: ["hosts"],
      look: async () => {
        const hosts = await met();
        const trust = hosts.map((host) => hostTrust(host, each, host.answer.time * SECOND_MS));
        return judgeHostTrust(each.product, await Promise.all(trust));
      },
    }),
  );
  return [...trustChecks, clockCheck];
}

function lastHostCheck(
  { cached, transport }: ClientDoctorParts,
  isFoundAnew: () => Promise<boolean>,
): Check {
  return {
    id: "last-host",
    title: "Last host",
    needs: ["address"],
    look: async () => {
      if (!cached) return judgeCached(null, false);
      const [met, anew] = await Promise.all([meet(cached, transport), isFoundAnew()]);
      return judgeCached(met, anew);
    },
  };
}

function leaseChecks({ pinned, folder, clock, policy }: ClientDoctorParts): Check[] {
  if (pinned.length === 0) {
    const nextStep = "kms-client activate --product ID --vendor-key vendor.pub.jwk";
    const look = () => skipped("No product is installed here.", `Begin with: ${nextStep}.`);
    return [{ id: "lease", title: "Activation", needs: [], look }];
  }
  return pinned.map((each) => ({
    id: `lease:${each.product}`,
    title: "Activation",
    needs: [],
    look: async () => judgeLease(await lookAtLease(folder, each, clock, policy)),
  }));
}

async function meet(address: HostAddress, transport: Transport): Promise<Asked> {
  const place = { target: address.host, port: address.port };
  const answer = await askHost(address, transport);
  if ("fault" in answer) {
    const meeting: Meeting = answer.silent
      ? { kind: "silent", why: answer.fault }
      : { kind: "stranger" };
    return { ...place, meeting, host: null };
  }
  const { host: thumbprint, time } = answer;
  const meeting: Meeting = { kind: "host", thumbprint, timeMs: time * SECOND_MS };
  return { ...place, meeting, host: { place: formatHostAddress(address), answer } };
}
