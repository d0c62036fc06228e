import type { FastifyInstance } from "fastify";
import type { Diagnosis } from "../../domain/doctor/summary.ts";
import type { ClockDesk } from "../../services/clock-desk.ts";
import type { HealthService } from "../../services/health/health-service.ts";
import type { HostReport } from "../../services/host-report.ts";
import type { PanelService } from "../../services/panel/panel-service.ts";
import type { AdminParts } from "./admin-parts.ts";
import { type AlertParts, addAlertRoutes } from "./alert-routes.ts";
import { answerError } from "./answer-error.ts";
import { addAuditHook } from "./audit-hook.ts";
import { addAuditRoutes } from "./audit-routes.ts";
import { addBackupRoutes, type BackupParts } from "./backup-routes.ts";
import type { Caller } from "./caller.ts";
import { addCertificateRoutes } from "./certificate-routes.ts";
import { addClientRoutes, type ClientParts } from "./client-routes.ts";
import { addClockRoutes } from "./clock-routes.ts";
import { addDnsKeyRoutes } from "./dns-key-routes.ts";
import { addDnsRoutes, type DnsPublisher } from "./dns-routes.ts";
import { addDoctorRoute } from "./doctor-route.ts";
import { addEndingRoutes, type EndingParts } from "./ending-routes.ts";
import { addHealthRoute } from "./health-route.ts";
import { addHistoryRoutes, type HistoryReader } from "./history-routes.ts";
import { addInsightRoutes, type Insight } from "./insight-routes.ts";
import { addLicenceRoutes, type LicenceParts } from "./licence-routes.ts";
import { addPanelRoutes } from "./panel-routes.ts";
import { addPasswordRoute } from "./password-route.ts";
import { addRestoreRoutes, type RestoreParts } from "./restore-routes.ts";
import { addSettingsRoutes, type SettingsParts } from "./settings-routes.ts";
import { addStatusRoutes, type StatusParts } from "./status-routes.ts";
import { addTokenRoutes } from "./token-routes.ts";
import { addUpgradeRoutes, type UpgradeParts } from "./upgrade-route.ts";

/** What the API shows and changes. */
export interface ApiParts extends StatusParts, LicenceParts, ClientParts {
  readonly report: HostReport;
  readonly clockDesk: ClockDesk;
  readonly health: Pick<HealthService, "examine">;
  readonly endings: EndingParts;
  /** Absent if the panel is turned off. */
  readonly panel: PanelService | undefined;
  /** Looks for what is wrong with the box and its network; changes nothing. */
  readonly examine: () => Promise<Diagnosis>;
  /** Absent if the box publishes in no domain. */
  readonly dns?: DnsPublisher | undefined;
  readonly backup: BackupParts;
  readonly insight?: Insight | undefined;
  readonly history: HistoryReader;
  /** These are absent if the box was not started by its command. */
  readonly settings?: SettingsParts | undefined;
  readonly admin: AdminParts;
  readonly restore?: RestoreParts | undefined;
  /** Undefined until they have begun. */
  readonly alerts: () => AlertParts | undefined;
  readonly upgrade?: UpgradeParts | undefined;
}

/** The API below `/api/v1`, the same over the box's socket and over HTTPS. */
export function addApi(app: FastifyInstance, parts: ApiParts): void {
  app.setErrorHandler(answerError);
  app.decorateRequest("caller", null as unknown as Caller);
  app.decorateReply("actTarget", undefined);
  app.decorateReply("refusal", undefined);
  addAuditHook(app, parts.admin.audit);
  addApiRoutes(app, parts);
}

/** The routes alone, as for their description. */
export function addApiRoutes(app: FastifyInstance, parts: ApiParts): void {
  addStatusRoutes(app, parts);
  addClientRoutes(app, parts);
  addLicenceRoutes(app, parts);
  addClockRoutes(app, parts.clockDesk);
  addHealthRoute(app, parts.health);
  addPanelRoutes(app, parts.panel);
  addDnsRoutes(app, parts.dns);
  addBackupRoutes(app, parts.backup);
  addDoctorRoute(app, parts.examine);
  addHistoryRoutes(app, parts.history);
  addAlertRoutes(app, parts.alerts);
  addEndingRoutes(app, parts.endings);
  if (parts.settings) {
    addSettingsRoutes(app, parts.settings);
    addDnsKeyRoutes(app, parts.settings.dnsKeys);
  }
  addPasswordRoute(app, parts.admin.administration);
  addTokenRoutes(app, parts.admin.tokens);
  addAuditRoutes(app, parts.admin.audit);
  addCertificateRoutes(app, parts.admin.certificates);
  if (parts.upgrade) addUpgradeRoutes(app, parts.upgrade);
  if (parts.restore) addRestoreRoutes(app, parts.restore, parts.endings);
  if (parts.insight) addInsightRoutes(app, parts.insight);
}
