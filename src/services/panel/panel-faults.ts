import type { DomainReport } from "../../domain/dns-registration.ts";
import { LEAST_FREE_BYTES, LICENCE_ENDING_MS } from "../../domain/doctor/box-judgements.ts";
import { HOT_CELSIUS } from "../../domain/health/health-judgements.ts";
import type { LicenceBook } from "../../domain/licence.ts";
import { DAY_MS, SECOND_MS } from "../../domain/units.ts";
import type { PanelFault } from "../../panel/facts.ts";
import type { LinkState } from "../../ports/machine.ts";
import type { HealthAnswer } from "../../protocol/api.ts";
import { dnsTroubles } from "./panel-dns.ts";

/** What can be wrong with a box, as far as it can tell. */
export interface Troubles {
  readonly health: HealthAnswer;
  readonly licences: LicenceBook;
  readonly nowMs: number;
  readonly clockTrusted: boolean;
  readonly link: LinkState;
  readonly temperatureCelsius: number | null;
  readonly freeBytes: number | null;
  /** Null where it is not measured. */
  readonly lowVoltage: boolean | null;
  /** That the file system has found; null where it does not count them. */
  readonly fileSystemErrors: number | null;
  readonly dns: readonly DomainReport[];
  /** Between the link and the name server. */
  readonly network: readonly PanelFault[];
  /** In what the administrator gave the box to set itself up. */
  readonly setup: readonly PanelFault[];
}

/** The reasons of `GET /v1/health` in the panel's words. */
const HEALTH_FAULTS: Readonly<Record<string, Pick<PanelFault, "title" | "nextStep">>> = {
  "host-replaced": {
    title: "REPLACED",
    nextStep: "a restored box took its place; switch this one off",
  },
  "storage-failed": {
    title: "STORAGE FAILED",
    nextStep: "nobody is activated; restart, then replace the SD card",
  },
  "clock-untrusted": { title: "NO CLOCK", nextStep: "connect NTP or set it" },
  "no-licence": { title: "NO LICENCE", nextStep: "install one: kms-box licence install FILE" },
};

/** Everything that is wrong, gravest first; at most one of a kind. */
export function panelFaults(troubles: Troubles): PanelFault[] {
  const { reasons } = troubles.health;
  const faults = Object.entries(HEALTH_FAULTS)
    .filter(([code]) => reasons.some((reason) => reason.code === code))
    .map(([code, words]): PanelFault => ({ level: "fault", code, ...words }));
  if (troubles.link === "down") {
    const nextStep = "plug in the network cable or check the switch";
    faults.push({ level: "fault", code: "no-network", title: "NO NETWORK", nextStep });
  }
  return [
    ...faults,
    // They may be from before the link went down.
    ...(troubles.link === "down" ? [] : troubles.network),
    ...troubles.setup,
    ...dnsTroubles(troubles.dns),
    ...expiring(troubles),
    ...machineTroubles(troubles),
  ];
}

function expiring({ licences, nowMs, clockTrusted }: Troubles): PanelFault[] {
  if (!clockTrusted) return [];
  const ends = licences.licences
    .filter((licence) => !licences.isReplaced(licence))
    .map(({ claims }) => claims.exp * SECOND_MS - nowMs)
    .filter((leftMs) => leftMs > 0 && leftMs <= LICENCE_ENDING_MS);
  if (ends.length === 0) return [];
  const days = Math.ceil(Math.min(...ends) / DAY_MS);
  return [
    {
      level: "attention",
      code: "licence-expiring",
      title: "LICENCE ENDS",
      nextStep: `in ${days} ${days === 1 ? "day" : "days"}: ask the vendor for a new one`,
    },
  ];
}

function machineTroubles(told: Troubles): PanelFault[] {
  const { temperatureCelsius, freeBytes, lowVoltage, fileSystemErrors } = told;
  const troubles: PanelFault[] = [];
  if (lowVoltage) {
    const nextStep = "use a better power supply and a short, thick cable";
    troubles.push({ level: "attention", code: "low-voltage", title: "LOW VOLTAGE", nextStep });
  }
  if (fileSystemErrors !== null && fileSystemErrors > 0) {
    const nextStep = "back the box up and replace the SD card: see kms-box health";
    troubles.push({ level: "attention", code: "flash-errors", title: "FLASH ERRORS", nextStep });
  }
  if (temperatureCelsius !== null && temperatureCelsius >= HOT_CELSIUS) {
    const nextStep = "it works more slowly: give it air or a cooler place";
    troubles.push({ level: "attention", code: "too-hot", title: "TOO HOT", nextStep });
  }
  if (freeBytes !== null && freeBytes < LEAST_FREE_BYTES) {
    const nextStep = "free some space on the SD card, or take a bigger one";
    troubles.push({ level: "attention", code: "flash-full", title: "LOW SPACE", nextStep });
  }
  return troubles;
}
