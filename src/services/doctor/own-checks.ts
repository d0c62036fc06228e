import { judgeLicence, judgeStorage } from "../../domain/doctor/box-judgements.ts";
import { type Judgement, ok, skipped, wrongAsSaid } from "../../domain/doctor/finding.ts";
import { judgePort } from "../../domain/doctor/host-judgements.ts";
import type { Check } from "../../domain/doctor/run-checks.ts";
import { judgeTimeServers, judgeTrust } from "../../domain/doctor/time-judgements.ts";
import type { HostMeeter, TimeServers } from "../../ports/doctor.ts";
import type { CmidStore } from "../../ports/store.ts";
import type { HealthService } from "../health/health-service.ts";
import type { HostClock } from "../host-clock.ts";
import type { LicenceService } from "../licences.ts";

/** A box that runs. */
export interface RunningBox {
  readonly version: string;
  readonly thumbprint: string;
  /** Where clients are served. */
  readonly port: number;
  readonly store: Pick<CmidStore, "condition">;
  readonly clock: Pick<HostClock, "read">;
  readonly licences: Pick<LicenceService, "book">;
  readonly generation?: { readonly current: number };
  readonly health: Pick<HealthService, "examine">;
}

export interface OwnParts {
  /** Null if none runs. */
  readonly box: RunningBox | null;
  /** Why none does, and what to do, as a message for a person. */
  readonly absence: string;
  readonly freeBytes: () => number | null;
  readonly hosts: HostMeeter;
  readonly time: TimeServers;
  /** Addresses at which clients are to be served. */
  readonly servedAddresses: () => readonly string[];
  readonly clockSkewMs: number;
}

const NEEDS_BOX = ["box"];
const FLASH_FINDINGS: readonly string[] = ["storage", "file-system", "wear"];

/** Whether a box runs: what else is wrong matters after that. */
export function runningCheck({ box, absence }: OwnParts): Check {
  return {
    id: "box",
    title: "KMS Box",
    needs: [],
    look: () =>
      box
        ? ok(`Version ${box.version} runs and serves at port ${box.port}.`)
        : wrongAsSaid(absence, "Start it: kms-box serve --data DIR."),
  };
}

/** Whether clients can reach this machine's own service. */
export function portCheck({ box, hosts, servedAddresses }: OwnParts): Check {
  return {
    id: "port",
    title: "Port",
    needs: [...NEEDS_BOX, "address"],
    look: async () => {
      if (!box) return skipped("No box runs.");
      const places = servedAddresses().map((target) => ({ target, port: box.port }));
      const met = await Promise.all(
        places.map(async (place) => ({ ...place, meeting: await hosts.meet(place) })),
      );
      return judgePort(met, box.thumbprint);
    },
  };
}

/** Clock, licence and flash. */
export function stateChecks(parts: OwnParts): Check[] {
  const { box, time, clockSkewMs, freeBytes } = parts;
  return [
    {
      id: "clock",
      title: "Clock",
      needs: NEEDS_BOX,
      look: () => (box ? judgeTrust(clockOf(box)) : skipped("No box runs.")),
    },
    {
      id: "time-servers",
      title: "Time servers",
      needs: ["address"],
      look: async () => judgeTimeServers(await time.ask(), clockSkewMs),
    },
    {
      id: "licence",
      title: "Licence",
      needs: NEEDS_BOX,
      look: () => (box ? licenceOf(box) : skipped("No box runs.")),
    },
    {
      id: "storage",
      title: "Flash",
      needs: [],
      look: async () =>
        (box && (await flashTrouble(box))) ??
        judgeStorage(box ? failureOf(box) : undefined, freeBytes()),
    },
  ];
}

function clockOf({ clock }: RunningBox) {
  const time = clock.read();
  return { trusted: time.trusted, detail: time.trusted ? time.source : time.reason };
}

function licenceOf({ licences, clock }: RunningBox) {
  const { nowMs, trusted } = clock.read();
  return judgeLicence(licences.book, nowMs, trusted);
}

/** What `kms-box health` finds of the flash; undefined if nothing is wrong with it. */
async function flashTrouble({ health }: RunningBox): Promise<Judgement | undefined> {
  const { diagnosis, wear } = await health.examine();
  // A pace alone is no reason why anybody is not activated, and common on a PC.
  const isKnown = wear.enduranceBytes !== null;
  const ofFlash = diagnosis.findings.filter(
    ({ id }) => FLASH_FINDINGS.includes(id) && (isKnown || id !== "wear"),
  );
  const [trouble] = ["wrong", "warning"].flatMap((result) =>
    ofFlash.filter((each) => each.result === result),
  );
  if (trouble === undefined) return undefined;
  const { result, evidence, nextStep } = trouble;
  return { result, evidence, nextStep };
}

function failureOf({ store: { condition } }: RunningBox): string | null {
  return condition.state === "failed" ? condition.reason : null;
}
