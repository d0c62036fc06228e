import { TimedatectlSetter } from "./adapters/system/clock/timedatectl-setter.ts";
import { readKeptVersion } from "./adapters/system/kept-version.ts";
import { readUpgradeOutcome } from "./adapters/system/upgrade-outcome-file.ts";
import type { Access } from "./compose-access.ts";
import type { OpenBox } from "./compose-box.ts";
import type { ClientService } from "./compose-clients.ts";
import type { DoctorWiring } from "./compose-doctor.ts";
import type { Ground } from "./compose-ground.ts";
import type { UploadDesks } from "./compose-restore.ts";
import type { Loading } from "./compose-settings.ts";
import { statusOf } from "./compose-web.ts";
import type { Config } from "./config/schema.ts";
import type { Diagnosis } from "./domain/doctor/summary.ts";
import { ActivationEvents } from "./services/activation-events.ts";
import { ClientForgetter } from "./services/client-forgetter.ts";
import { ClockDesk } from "./services/clock-desk.ts";
import { VERSION } from "./version.ts";
import type { ApiParts } from "./web/api/api.ts";
import type { SettingsParts } from "./web/api/settings-routes.ts";

export interface ApiWiring extends Pick<ApiParts, "panel" | "history" | "insight" | "alerts"> {
  readonly access: Access;
  readonly loading: Loading | undefined;
}

/** What the command line and the administration are shown, and may do. */
export async function composeApi(
  ground: Ground,
  clients: ClientService,
  { access, loading, ...parts }: ApiWiring,
): Promise<ApiParts> {
  const { config, box, clock, events, report, machine, endings, health, news } = ground;
  const { port, dns } = clients;
  const doctorBox = { ...box, health, version: VERSION, thumbprint: box.signer.thumbprint, port };
  const uploads = await openUploads(box);
  return {
    ...{ ...box, ...parts, report, health, endings, dns },
    admin: access.admin,
    forgetter: new ClientForgetter({
      store: box.store,
      memory: clients.memory,
      events: new ActivationEvents(box.events, box.licences, clock),
    }),
    recentEvents: (after) => events.after(after),
    status: statusOf(box, report, ground, clock, clients.where),
    clockDesk: new ClockDesk({ ...box, setter: new TimedatectlSetter() }),
    settings: await openSettings(ground, loading),
    restore: uploads?.restore,
    upgrade: {
      version: VERSION,
      outcome: () => readUpgradeOutcome(),
      kept: () => readKeptVersion(VERSION),
      desk: uploads?.upgrade,
    },
    backup: { news, read: () => readRunningBox(config, box) },
    examine: doctorOf(config, { machine, box: doctorBox, reports: clients.dnsReports }),
  };
}

/** What takes files for a box that was started by its command. */
async function openUploads({ loaded, store }: OpenBox): Promise<UploadDesks | undefined> {
  if (!loaded) return undefined;
  return (await import("./compose-restore.ts")).composeUploads(loaded, store);
}

/** What the administrator sets of a box that was started by its command. */
async function openSettings(
  { box: { loaded, events }, logger }: Pick<Ground, "box" | "logger">,
  loading: Loading | undefined,
): Promise<SettingsParts | undefined> {
  if (!loaded || !loading) return undefined;
  const { composeSettings } = await import("./compose-settings.ts");
  return composeSettings({ loaded, load: loading.load, events, logger });
}

/** Loaded when somebody makes a backup. */
async function* readRunningBox({ data }: Config, box: OpenBox): AsyncGenerator<Uint8Array> {
  const { readBox } = await import("./compose-backup.ts");
  yield* readBox(data, box.store, box.clock.read().nowMs);
}

/** Loaded when somebody asks. */
function doctorOf(config: Config, wiring: DoctorWiring): () => Promise<Diagnosis> {
  return async () => (await import("./compose-doctor.ts")).examineBox(config, wiring);
}
