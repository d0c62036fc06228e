import type { ComponentType } from "preact";
import { AccessPage } from "./pages/access/access-page.tsx";
import { AlertsPage } from "./pages/alerts/alerts-page.tsx";
import { AuditPage } from "./pages/audit/audit-page.tsx";
import { BackupPage } from "./pages/backup/backup-page.tsx";
import { CertificatePage } from "./pages/certificate/certificate-page.tsx";
import { ClientsPage } from "./pages/clients/clients-page.tsx";
import { DnsPage } from "./pages/dns/dns-page.tsx";
import { EventsPage } from "./pages/events/events-page.tsx";
import { HealthPage } from "./pages/health/health-page.tsx";
import { InsightPage } from "./pages/insight/insight-page.tsx";
import { LicencesPage } from "./pages/licences/licences-page.tsx";
import { OverviewPage } from "./pages/overview/overview-page.tsx";
import { SettingsPage } from "./pages/settings/settings-page.tsx";
import { SystemPage } from "./pages/system/system-page.tsx";

interface PageEntry {
  /** In the address, after `#/`. */
  readonly path: string;
  /** In the list of pages. */
  readonly name: string;
  readonly view: ComponentType;
}

const OVERVIEW: PageEntry = { path: "", name: "Overview", view: OverviewPage };

/** Every page, as the list shows them. */
export const PAGE_GROUPS: readonly {
  readonly title: string;
  readonly pages: readonly PageEntry[];
}[] = [
  {
    title: "Watch",
    pages: [
      OVERVIEW,
      { path: "clients", name: "Clients", view: ClientsPage },
      { path: "insight", name: "Insight", view: InsightPage },
      { path: "events", name: "Events", view: EventsPage },
      { path: "health", name: "Health", view: HealthPage },
    ],
  },
  {
    title: "Set up",
    pages: [
      { path: "licences", name: "Licences", view: LicencesPage },
      { path: "dns", name: "DNS", view: DnsPage },
      { path: "alerts", name: "Alerts", view: AlertsPage },
      { path: "settings", name: "Settings", view: SettingsPage },
    ],
  },
  {
    title: "Keep safe",
    pages: [
      { path: "access", name: "Access", view: AccessPage },
      { path: "audit", name: "Audit log", view: AuditPage },
      { path: "certificate", name: "Certificate", view: CertificatePage },
      { path: "backup", name: "Backup", view: BackupPage },
      { path: "system", name: "System", view: SystemPage },
    ],
  },
];

/** The page of an address; an address that names none is the overview's. */
export function pageOf(path: string): PageEntry {
  return PAGE_GROUPS.flatMap(({ pages }) => pages).find((page) => page.path === path) ?? OVERVIEW;
}
