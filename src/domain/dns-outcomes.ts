import { type DnsRegistration, isSameRecord, isSameRegistration } from "./dns-registration.ts";
import { retryDelayMs } from "./dns-retry.ts";
import type {
  DnsDone,
  DnsEffect,
  DnsFailed,
  DnsMachine,
  DnsNews,
  DnsStep,
  Found,
  Moment,
} from "./dns-state.ts";
import { DAY_MS } from "./units.ts";

/** How often records are written anew though they are there, so that no server takes them for stale. */
const REGISTER_MS = DAY_MS;

/** The record was looked for. What is missing is written at once. */
export function afterInspection(machine: DnsMachine, event: DnsDone, at: Moment): DnsStep {
  const { found } = event;
  const isThere = found.oursPresent && found.addressesRight;
  if (isThere && (machine.willful || isExact(event))) return published(machine, event, at);
  const idle = { ...machine, busy: null, proven: false, missing: !isThere };
  return { machine: { ...idle, dueMs: at.monotonicMs }, effects: [] };
}

/** Beside other hosts' records the time to live is theirs, and of ours there is only one. */
function isExact({ found, registration }: DnsDone): boolean {
  const { duplicates, rivals, ttlSeconds } = found;
  return duplicates.length === 0 && (rivals.length > 0 || ttlSeconds === registration.ttlSeconds);
}

/** The record was written, or another host's was found in its place and nothing was written. */
export function afterPublishing(machine: DnsMachine, event: DnsDone, at: Moment): DnsStep {
  const { found, registration } = event;
  if (!found.oursPresent) return foreign(machine, event, at);
  const kept = [{ ...registration, addresses: found.ownAddresses }];
  const registerMs = at.monotonicMs + REGISTER_MS;
  const written = { ...machine, kept, registerMs, willful: !isExact(event) };
  const { machine: after, effects } = published(written, event, at);
  return { machine: after, effects: [{ effect: "keep", kept }, ...effects] };
}

function published(machine: DnsMachine, event: DnsDone, at: Moment): DnsStep {
  const { found, registration } = event;
  const { report, missing, wanted, checkMs, toldPublished } = machine;
  const unchanged = toldPublished !== null && isSameRegistration(toldPublished, registration);
  const lasts = unchanged && !missing && report.state.state === "published";
  const { server, rivals, seenBySystem } = found;
  const sinceMs = lasts && report.state.state === "published" ? report.state.sinceMs : at.wallMs;
  const news: DnsNews[] = rivalNews(machine, found);
  if (missing && unchanged) news.push({ news: "restored", server });
  else if (!lasts) news.push({ news: "published", server });
  const proven = isSameRegistration(registration, wanted);
  return {
    machine: {
      ...succeeded(machine, found),
      proven,
      dueMs: proven ? Math.min(at.monotonicMs + checkMs, machine.registerMs) : at.monotonicMs,
      toldPublished: registration,
      report: {
        server,
        rivals,
        state: { state: "published", sinceMs, checkedMs: at.wallMs, seenBySystem },
      },
    },
    effects: tells(news, registration),
  };
}

function foreign(machine: DnsMachine, { found, registration }: DnsDone, at: Moment): DnsStep {
  const { report, kept, checkMs } = machine;
  const sinceMs = report.state.state === "foreign" ? report.state.sinceMs : at.wallMs;
  // What was only meant is not out there.
  const left = kept.filter(
    (each) => !isSameRecord(each, registration) || each.addresses.length > 0,
  );
  return {
    machine: {
      ...succeeded(machine, found),
      kept: left,
      dueMs: at.monotonicMs + checkMs,
      toldPublished: null,
      report: { server: found.server, rivals: found.rivals, state: { state: "foreign", sinceMs } },
    },
    effects: [{ effect: "keep", kept: left }, ...tells(rivalNews(machine, found), registration)],
  };
}

/** The records were removed: nothing more happens until somebody asks. */
export function afterWithdrawal(machine: DnsMachine, event: DnsDone, at: Moment): DnsStep {
  const { found, registration } = event;
  const { server, rivals } = found;
  return {
    machine: {
      ...succeeded(machine, found),
      kept: [],
      dueMs: Number.POSITIVE_INFINITY,
      toldPublished: null,
      report: { server, rivals, state: { state: "withdrawn", sinceMs: at.wallMs } },
    },
    effects: [{ effect: "keep", kept: [] }, ...tells([{ news: "withdrawn" }], registration)],
  };
}

/** It is tried again, ever more rarely; each kind of failure is told of once. */
export function afterFailure(machine: DnsMachine, event: DnsFailed, at: Moment): DnsStep {
  const { code, reason, random } = event;
  const { failures, toldCode, report, wanted } = machine;
  const delayMs = retryDelayMs(failures, random);
  const was = report.state;
  const sinceMs = was.state === "failed" && was.code === code ? was.sinceMs : at.wallMs;
  const retryMs = at.wallMs + delayMs;
  return {
    machine: {
      ...machine,
      busy: null,
      failures: failures + 1,
      toldCode: code,
      dueMs: at.monotonicMs + delayMs,
      report: { ...report, state: { state: "failed", code, reason, sinceMs, retryMs } },
    },
    effects: code === toldCode ? [] : tells([{ news: "failed", code, reason }], wanted),
  };
}

function succeeded(machine: DnsMachine, { rivals }: Found): DnsMachine {
  const toldRivals = rivals.map(rivalKey);
  return { ...machine, busy: null, missing: false, failures: 0, toldCode: null, toldRivals };
}

/** Each rival is told of once for as long as it is there. */
function rivalNews({ toldRivals }: DnsMachine, { rivals, oursPresent }: Found): DnsNews[] {
  return rivals
    .filter((rival) => !toldRivals.includes(rivalKey(rival)))
    .map((rival) => ({ news: "rival", rival, beside: oursPresent }));
}

function rivalKey({ target, port }: Pick<DnsRegistration, "target" | "port">): string {
  return `${target}:${port}`;
}

function tells(news: readonly DnsNews[], registration: DnsRegistration): DnsEffect[] {
  return news.map((each) => ({ effect: "tell", news: each, registration }));
}
