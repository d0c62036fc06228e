import { randomUUID } from "node:crypto";
import type { AlertingBox } from "./adapters/alerts/alert-json.ts";
import { MailTarget } from "./adapters/alerts/mail-target.ts";
import { WebhookTarget } from "./adapters/alerts/webhook-target.ts";
import { NodeTimers } from "./adapters/system/node-clock.ts";
import type { Config } from "./config/schema.ts";
import { DAY_MS } from "./domain/units.ts";
import type { AlertTarget } from "./ports/alerts.ts";
import type { EventLog } from "./ports/events.ts";
import type { Signer } from "./ports/keys.ts";
import type { Machine } from "./ports/machine.ts";
import type { CmidStore } from "./ports/store.ts";
import { type AlertFactsParts, AlertFactsSource } from "./services/alerts/alert-facts.ts";
import { AlertService } from "./services/alerts/alert-service.ts";
import type { HostClock } from "./services/host-clock.ts";
import { VERSION } from "./version.ts";

export interface AlertWiring extends Omit<AlertFactsParts, "margin" | "machine"> {
  readonly store: CmidStore;
  readonly clock: HostClock;
  readonly events: EventLog;
  readonly signer: Pick<Signer, "thumbprint">;
  readonly machine: Pick<Machine, "hostname">;
  /** What of the machine was seen last. */
  readonly seen: AlertFactsParts["machine"];
}

/** What tells people and programs elsewhere of what goes wrong. */
export function composeAlerts({ alerts }: Config, wiring: AlertWiring): AlertService {
  const { store, clock, events, signer, machine, seen } = wiring;
  const box = (): AlertingBox => ({
    hostname: machine.hostname(),
    host: signer.thumbprint,
    version: VERSION,
  });
  const { thresholdMargin, reminderDays } = alerts;
  return new AlertService({
    facts: new AlertFactsSource({ ...wiring, margin: thresholdMargin, machine: seen }),
    targets: targetsOf(alerts, box),
    store,
    clock,
    events,
    timers: new NodeTimers(),
    newId: () => `msg_${randomUUID().replaceAll("-", "")}`,
    remindMs: reminderDays === 0 ? Number.POSITIVE_INFINITY : reminderDays * DAY_MS,
  });
}

function targetsOf({ webhooks, mail }: Config["alerts"], box: () => AlertingBox): AlertTarget[] {
  const posted = webhooks.map(
    (settings, place) => new WebhookTarget({ settings, place, box, nowMs: () => Date.now() }),
  );
  return mail.host === "" ? posted : [...posted, new MailTarget({ settings: mail, box })];
}
