#!/usr/bin/env -S node --min-semi-space-size=4 --max-semi-space-size=4
// Node would let its youngest objects take three times as much memory, and be no faster for it.
import { Command } from "commander";
import { VERSION } from "../version.ts";
import { adminCommand } from "./box/admin.ts";
import { alertsCommand } from "./box/alerts.ts";
import { auditCommand } from "./box/audit.ts";
import { backupCommand } from "./box/backup.ts";
import { calendarCommand } from "./box/calendar.ts";
import { certificateCommand } from "./box/certificate.ts";
import { clientsCommand } from "./box/clients.ts";
import { clockCommand } from "./box/clock.ts";
import { clonesCommand } from "./box/clones.ts";
import { BELOW_THRESHOLD_STATUS, demoCommand } from "./box/demo.ts";
import { dnsCommand } from "./box/dns.ts";
import { doctorCommand } from "./box/doctor.ts";
import { eventsCommand } from "./box/events.ts";
import { explainCommand } from "./box/explain.ts";
import { forecastCommand } from "./box/forecast.ts";
import { healthCommand } from "./box/health.ts";
import { historyCommand } from "./box/history.ts";
import { identifyCommand } from "./box/identify.ts";
import { licenceCommand } from "./box/licence.ts";
import { panelCommand } from "./box/panel.ts";
import { resetCommand } from "./box/reset.ts";
import { restartCommand } from "./box/restart.ts";
import { serveCommand } from "./box/serve.ts";
import { settingsCommand } from "./box/settings.ts";
import { setupCommand } from "./box/setup.ts";
import { shutdownCommand } from "./box/shutdown.ts";
import { simulateCommand } from "./box/simulate.ts";
import { statusCommand } from "./box/status.ts";
import { upgradeCommand } from "./box/upgrade.ts";
import { EXIT, runProgram } from "./support/run-program.ts";

const HELP = `
Exit status: 0 done, 1 failed, 2 wrong usage or configuration; demo: 3 below the threshold;
forecast, explain, clones: 3 somebody must act; serve: 75 start me again.

Examples:
  kms-box serve --demo
  kms-box status --watch
  kms-box licence install acme.licence`;

const program = new Command("kms-box")
  .description("KMS host: counts clients and activates them")
  .version(VERSION)
  .addHelpText("after", HELP);

await runProgram(
  program,
  (parent) => {
    parent
      .addCommand(serveCommand())
      .addCommand(statusCommand())
      .addCommand(panelCommand())
      .addCommand(identifyCommand())
      .addCommand(clientsCommand())
      .addCommand(historyCommand())
      .addCommand(forecastCommand())
      .addCommand(explainCommand())
      .addCommand(clonesCommand())
      .addCommand(calendarCommand())
      .addCommand(eventsCommand())
      .addCommand(auditCommand())
      .addCommand(doctorCommand())
      .addCommand(healthCommand())
      .addCommand(licenceCommand())
      .addCommand(dnsCommand())
      .addCommand(clockCommand())
      .addCommand(alertsCommand())
      .addCommand(backupCommand())
      .addCommand(adminCommand())
      .addCommand(certificateCommand())
      .addCommand(restartCommand())
      .addCommand(resetCommand())
      .addCommand(settingsCommand())
      .addCommand(setupCommand())
      .addCommand(shutdownCommand())
      .addCommand(upgradeCommand())
      .addCommand(demoCommand())
      .addCommand(simulateCommand());
  },
  {
    "config-invalid": EXIT.usage,
    "setup-invalid": EXIT.usage,
    "demo-refused": BELOW_THRESHOLD_STATUS,
  },
);
