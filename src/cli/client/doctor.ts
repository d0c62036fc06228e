import { isIP } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import type { ClientDoctorParts } from "../../client/doctor/client-doctor.ts";
import { parseHostAddress } from "../../client/host-address.ts";
import { SECOND_MS } from "../../domain/units.ts";
import { showDiagnosis } from "../support/diagnosis.ts";
import { Waiting } from "../support/waiting.ts";
import {
  type FindingOptions,
  nameServer,
  readableFolder,
  type StateOptions,
  withFinding,
  withState,
} from "./options.ts";

const EXAMPLES = `
Nothing is counted and nothing changes. Takes 15 s at most.

✓ good   ! worth a look   ✗ wrong   – not checked

Exit status: 0 nothing is wrong, 1 something is, 2 wrong usage.

Examples:
  kms-client doctor
  kms-client doctor --domain office.example --json
`;

const TAKES_AT_MOST_MS = 15 * SECOND_MS;
const HOST_ANSWERS_WITHIN_MS = 3 * SECOND_MS;

type Options = StateOptions & FindingOptions;

export function addDoctor(program: Command): void {
  const command = program
    .command("doctor")
    .description("Find out why this machine is not activated, from the cable to the lease.")
    .addHelpText("after", EXAMPLES);
  withState(withFinding(command)).action(doctor);
}

async function doctor(options: Options): Promise<void> {
  const { examineClient } = await import("../../client/doctor/client-doctor.ts");
  const stop = new AbortController();
  const deadline = sleep(TAKES_AT_MOST_MS, undefined, { signal: stop.signal }).catch(() => null);
  const waiting = new Waiting("the network");
  try {
    const parts = { ...(await partsOf(options)), deadline };
    const diagnosis = await examineClient(parts, waiting.progress);
    waiting.end();
    showDiagnosis(diagnosis, options.json ?? false);
  } finally {
    waiting.end();
    stop.abort();
  }
}

async function partsOf(options: Options): Promise<Omit<ClientDoctorParts, "deadline">> {
  const { knownHosts } = await import("../../client/client.ts");
  const { UptimeClock } = await import("../../client/system.ts");
  const { DEFAULT_POLICY } = await import("../../domain/policy.ts");
  const { networkChecks } = await import("../../platform/network/network-checks.ts");
  const { SystemNetwork } = await import("../../platform/network/system-network.ts");
  const { reachBy } = await import("./open-client.ts");
  const folder = readableFolder(options);
  const settings = await folder.readSettings();
  const pinned = Object.entries(settings.products).map(([product, { vendorKey }]) => ({
    product,
    vendorKey,
  }));
  const records = await Promise.all(
    pinned.map(({ product }) => folder.readRecord(product).catch(() => undefined)),
  );
  const cached = records.find((record) => record?.host)?.host ?? null;
  const { finders, transport } = reachBy(options, { timeoutMs: HOST_ANSWERS_WITHIN_MS });
  const configured = options.host === undefined ? settings.host : parseHostAddress(options.host);
  const needsNames = configured === null || isIP(configured.host) === 0;
  const server = options.dnsServer;
  const network = new SystemNetwork(server === undefined ? {} : { nameServer: nameServer(server) });
  const known = knownHosts(settings, cached);
  // Without any name server a host may still announce itself on the link.
  const needed = needsNames && !(known.mdns && options.mdns !== false);
  const name = await nameToAsk(options);
  return {
    networkChecks: (worksWithout) =>
      networkChecks(network, { name, needed, peer: "box", worksWithout }),
    needsNames,
    finders: finders(known),
    transport,
    folder,
    pinned,
    cached,
    clock: new UptimeClock(),
    policy: DEFAULT_POLICY,
  };
}

/** Name servers are asked for the domain that hosts are looked for in. */
async function nameToAsk({ domain }: Options): Promise<string> {
  const { searchDomains } = await import("../../client/search-domains.ts");
  return domain ?? (await searchDomains())[0] ?? ".";
}
