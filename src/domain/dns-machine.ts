import { afterFailure, afterInspection, afterPublishing, afterWithdrawal } from "./dns-outcomes.ts";
import { type DnsRegistration, isSameRecord, isSameRegistration } from "./dns-registration.ts";
import type { DnsDone, DnsEvent, DnsMachine, DnsStep, Moment } from "./dns-state.ts";
import { targetFault } from "./host-name.ts";

/** What a domain does next. Pure: what is to be done stands in the effects. */
export function stepDns(machine: DnsMachine, event: DnsEvent, at: Moment): DnsStep {
  switch (event.event) {
    case "tick":
      return begin(machine, at);
    case "wanted":
      return { machine: want(machine, event.registration, at), effects: [] };
    case "publish-asked":
      return { machine: { ...hurried(machine, at), aim: "publish" }, effects: [] };
    case "withdraw-asked":
      return { machine: { ...hurried(machine, at), aim: "withdraw" }, effects: [] };
    case "writing":
      return writing(machine, event.addresses);
    case "done":
      return caughtUp(finished(machine, event, at), event, at);
    case "failed":
      return caughtUp(afterFailure(machine, event, at), event, at);
  }
}

function hurried(machine: DnsMachine, { monotonicMs }: Moment): DnsMachine {
  return { ...machine, proven: false, failures: 0, dueMs: monotonicMs };
}

function want(machine: DnsMachine, wanted: DnsRegistration, { monotonicMs }: Moment): DnsMachine {
  if (machine.report.state.state === "withdrawn") return { ...machine, wanted };
  const waited = !Number.isFinite(machine.dueMs);
  if (!waited && isSameRegistration(machine.wanted, wanted)) return machine;
  return { ...machine, wanted, proven: false, dueMs: Math.min(machine.dueMs, monotonicMs) };
}

function begin(machine: DnsMachine, at: Moment): DnsStep {
  const { monotonicMs } = at;
  const { wanted, kept, aim, busy, dueMs, proven, registerMs } = machine;
  if (busy !== null || monotonicMs < dueMs) return { machine, effects: [] };
  if (aim === "withdraw") {
    const registrations = kept.length > 0 ? kept : [{ ...wanted, addresses: [] }];
    return {
      machine: { ...machine, busy: "withdraw" },
      effects: [{ effect: "withdraw", registrations }],
    };
  }
  if (proven && monotonicMs < registerMs) {
    return {
      machine: { ...machine, busy: "inspect" },
      effects: [{ effect: "inspect", registration: wanted }],
    };
  }
  const unnamed = targetFault(wanted);
  return unnamed === null ? beginPublishing(machine) : refused(machine, unnamed, at);
}

/** What cannot be published is neither sent nor kept; what is out there stays. */
function refused(machine: DnsMachine, reason: string, at: Moment): DnsStep {
  const failed = { event: "failed", work: "publish", code: "name-unusable", reason } as const;
  return afterFailure(machine, { ...failed, random: 0 }, at);
}

/** What is meant is kept before it is written, so that no crash leaves a record nobody knows of. */
function beginPublishing(machine: DnsMachine): DnsStep {
  const { wanted, kept } = machine;
  const meant = { ...wanted, addresses: addressesWritten(kept, wanted.target) };
  const others = kept
    .filter((each) => !isSameRecord(each, wanted))
    .map((each) =>
      each.target === wanted.target ? { ...each, addresses: meant.addresses } : each,
    );
  const known = kept.length > others.length;
  const nowKept = [meant, ...others];
  return {
    machine: { ...machine, busy: "publish", kept: nowKept, keptBefore: nowKept },
    effects: [
      ...(known ? [] : [{ effect: "keep", kept: nowKept } as const]),
      {
        effect: "publish",
        registration: wanted,
        formers: others.length > 0 ? others : known ? [meant] : [],
      },
    ],
  };
}

/** Also where the rest of an attempt fails, or the power, what it wrote must be found again. */
function writing(machine: DnsMachine, addresses: readonly string[]): DnsStep {
  const [meant] = machine.keptBefore;
  const kept = machine.keptBefore.map((each) =>
    each.target === meant?.target
      ? { ...each, addresses: [...new Set([...each.addresses, ...addresses])] }
      : each,
  );
  return { machine: { ...machine, kept }, effects: [{ effect: "keep", kept }] };
}

function addressesWritten(kept: readonly DnsRegistration[], target: string): string[] {
  const written = kept.filter((each) => each.target === target);
  return [...new Set(written.flatMap(({ addresses }) => addresses))];
}

function finished(machine: DnsMachine, event: DnsDone, at: Moment): DnsStep {
  switch (event.work) {
    case "withdraw":
      return afterWithdrawal(machine, event, at);
    case "inspect":
      return afterInspection(machine, event, at);
    case "publish":
      return afterPublishing(machine, event, at);
  }
}

/** What was asked for while it was busy with something else begins now. */
function caughtUp(step: DnsStep, { work }: { work: DnsDone["work"] }, at: Moment): DnsStep {
  const { machine } = step;
  const overtaken = (work === "withdraw") !== (machine.aim === "withdraw");
  if (!overtaken) return step;
  return { ...step, machine: hurried(machine, at) };
}
