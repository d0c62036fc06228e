import type { DomainReport } from "../../domain/dns-registration.ts";
import type { LicenceBook } from "../../domain/licence.ts";
import { SECOND_MS } from "../../domain/units.ts";
import type { MachineFacts } from "../../ports/health.ts";
import type { MetricFamily, ProcessFacts } from "../../ports/metrics.ts";
import type { CmidStore } from "../../ports/store.ts";
import type { HealthAnswer } from "../../protocol/api.ts";
import type { ClockState } from "../host-clock.ts";
import { counter, flag, gauge, gauges, sample } from "./family.ts";

const HEALTH_REASONS = [
  "host-replaced",
  "clock-untrusted",
  "storage-failed",
  "no-licence",
] as const;

export function healthFamilies({ healthy, reasons }: HealthAnswer): MetricFamily[] {
  const problems = HEALTH_REASONS.map((reason) =>
    sample({ reason }, flag(reasons.some(({ code }) => code === reason))),
  );
  return [
    gauge("kms_box_healthy", "1 if clients can be activated.", flag(healthy)),
    gauges("kms_box_problem", "1 for each reason for which nobody can be activated.", problems),
  ];
}

/** Compactions since the start, as the store tells of each. */
export interface Compactions {
  readonly count: number;
  readonly lastMs: number | null;
}

export function storeFamilies(
  { ledger, condition, journalBytes }: CmidStore,
  { count, lastMs }: Compactions,
): MetricFamily[] {
  return [
    gauge("kms_box_clients", "Distinct CMIDs over all applications.", ledger.clients),
    gauge("kms_box_records", "Pairs of CMID and product.", ledger.size),
    gauge(
      "kms_box_store_writable",
      "1 if the state can be written.",
      flag(condition.state === "open"),
    ),
    gauge("kms_box_store_journal_bytes", "Written since the newest snapshot.", journalBytes),
    counter("kms_box_store_compactions_total", "Snapshots written.", [sample({}, count)]),
    gauge(
      "kms_box_store_last_compaction_seconds",
      "How long the last snapshot took.",
      lastMs === null ? null : lastMs / SECOND_MS,
    ),
  ];
}

const DNS_STATES = ["pending", "published", "failed", "foreign", "withdrawn"] as const;

export function dnsFamilies(reports: readonly DomainReport[]): MetricFamily[] {
  const states = reports.flatMap(({ registration: { domain }, state }) =>
    DNS_STATES.map((each) => sample({ domain, state: each }, flag(state.state === each))),
  );
  const checked = reports.flatMap(({ registration: { domain }, state }) =>
    state.state === "published" ? sample({ domain }, state.checkedMs / SECOND_MS) : [],
  );
  return [
    gauges("kms_box_dns_state", "1 for the state that publishing in a domain is in.", states),
    gauges(
      "kms_box_dns_checked_timestamp_seconds",
      "When the record was last found there.",
      checked,
    ),
  ];
}

export function clockFamilies({ time, readings }: ClockState): MetricFamily[] {
  return [
    gauge("kms_box_clock_trusted", "1 if the time is known.", flag(time.trusted)),
    gauges(
      "kms_box_clock_source_trusted",
      "1 for each source that vouches for the clock.",
      readings.map(({ name, trusted }) => sample({ source: name }, flag(trusted))),
    ),
    gauges(
      "kms_box_clock_source_age_seconds",
      "Since the source last set or checked the clock.",
      readings.flatMap(({ name, ageMs }) =>
        ageMs === null ? [] : sample({ source: name }, ageMs / SECOND_MS),
      ),
    ),
  ];
}

/** For each product the end of the licence that lasts longest. */
export function licenceFamilies(book: LicenceBook): MetricFamily[] {
  const ends = new Map<string, number>();
  for (const { claims } of book.licences) {
    for (const { id } of claims.products) ends.set(id, Math.max(ends.get(id) ?? 0, claims.exp));
  }
  return [
    gauges(
      "kms_box_licence_expiry_timestamp_seconds",
      "When the last licence of a product ends.",
      [...ends].map(([product, end]) => sample({ product }, end)),
    ),
  ];
}

type PanelParts = Readonly<Record<"display" | "leds" | "button", string>>;

export function panelFamilies(parts: PanelParts | undefined): MetricFamily[] {
  const samples = Object.entries(parts ?? {}).map(([part, word]) =>
    sample({ part }, flag(word === "present")),
  );
  return [
    gauges("kms_box_panel_part_present", "1 if a part of the front panel is there.", samples),
  ];
}

export function machineFamilies(facts: MachineFacts | undefined): MetricFamily[] {
  const { lowVoltage = null, temperatureCelsius, freeBytes, storage } = facts ?? {};
  return [
    gauge("kms_box_temperature_celsius", "Of the processor.", temperatureCelsius),
    gauge(
      "kms_box_low_voltage",
      "1 if the supply voltage is too low.",
      lowVoltage === null ? null : flag(lowVoltage),
    ),
    gauge("kms_box_free_bytes", "Free where the state is kept.", freeBytes),
    gauge("kms_box_file_system_errors", "Found since it was last checked.", storage?.errors),
    gauge(
      "kms_box_file_system_written_bytes",
      "Written to the state's file system since it was made.",
      storage?.lifetimeBytes,
    ),
  ];
}

export function processFamilies(facts: ProcessFacts): MetricFamily[] {
  return [
    gauge("process_resident_memory_bytes", "Resident memory.", facts.residentBytes),
    gauge("nodejs_heap_size_used_bytes", "Used of V8's heap.", facts.heapUsedBytes),
    gauge("process_start_time_seconds", "When the process was started.", facts.startSeconds),
    counter("process_cpu_seconds_total", "Of all threads.", [sample({}, facts.cpuSeconds)]),
    gauge("nodejs_eventloop_lag_seconds", "How late the event loop is.", facts.loopLagSeconds),
    counter("kms_box_eventloop_active_seconds_total", "How long the event loop has worked.", [
      sample({}, facts.loopActiveSeconds),
    ]),
  ];
}
