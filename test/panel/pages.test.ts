import { DAY_MS } from "../../src/domain/units.ts";
import { drawScreen } from "../../src/panel/draw-screen.ts";
import type { DnsFacts, HealthFacts, PanelFacts } from "../../src/panel/facts.ts";
import type { HoldAction, Screen } from "../../src/panel/screen.ts";
import type { InsightSummary } from "../../src/services/insight/insight-service.ts";
import { foresightFaults } from "../../src/services/insight/panel-foresight.ts";
import { START_MS } from "../support/fake-clock.ts";
import { panelFacts } from "../support/panel-facts.ts";
import { assertGolden } from "./golden-pictures.ts";
import { COUNT_PAGE, counted, FAULT_PAGE, faulty, page, SIZES } from "./screens.ts";

const NETWORK_PAGE = page({ page: "network" });
const DNS_PAGE = page({ page: "dns" });
const CLIENTS_PAGE = page({ page: "clients" });
const HEALTH_PAGE = page({ page: "health" });

const RECORD = "_vlmcs._tcp.office.example";
const DNS_FAILED: DnsFacts = {
  state: "failed",
  record: RECORD,
  reason: "the server refused the update",
};
const UNWELL: HealthFacts = {
  clock: { trusted: false, detail: "no NTP, no RTC" },
  flash: { ok: false, freeBytes: 800_000_000 },
  temperatureCelsius: null,
  uptimeMs: 7_300_000,
  version: "1.12.3",
  lastStart: "restarted by the watchdog",
};

/** The facts of a box with these addresses. */
function reachable(addresses: readonly string[], hostname = "kms-box"): PanelFacts {
  const link = addresses.length === 0 ? "down" : "up";
  return panelFacts({ network: { hostname, addresses, link, port: 1688, webPort: 80 } });
}

function holding(heldMs: number, action: HoldAction, next: HoldAction, nextInMs: number): Screen {
  return { kind: "holding", heldMs, action, next, nextInMs };
}

const LONG_STEP = "replace the card soon: its journal cannot be compacted here.";
const LONGER_STEP = "unfortunately extraordinarily longwinded instructions needed";
const IPV6 = "2001:db8:4f2:1c00:ba27:ebff:fe12:3456";

/** Six days before the count falls below its threshold. */
const FALLING: InsightSummary = {
  atMs: START_MS,
  clones: 0,
  overdue: 3,
  products: [
    {
      ...{ product: "writer", name: "Writer", application: "office", threshold: 25 },
      ...{ countNow: 26, lowest: 23, fallsBelowMs: START_MS + 6 * DAY_MS },
    },
  ],
};

/** One line a picture: its name, what is shown, and of which facts. */
const PICTURES: Readonly<Record<string, readonly [Screen, PanelFacts]>> = {
  "count-none": [COUNT_PAGE, counted(0)],
  "count-one-missing": [COUNT_PAGE, counted(24)],
  "count-reached": [COUNT_PAGE, counted(25)],
  "count-above": [COUNT_PAGE, counted(31)],
  "count-server": [COUNT_PAGE, counted(1, 5, "Example Server 2025 Datacenter")],
  "count-hundreds": [COUNT_PAGE, counted(123)],
  "count-thousands": [COUNT_PAGE, counted(1234)],
  "count-most": [COUNT_PAGE, counted(999_999, 999_999)],
  "count-few-of-most": [COUNT_PAGE, counted(12, 999_999)],
  "count-not-serving": [COUNT_PAGE, { ...counted(31), serving: false }],
  "count-no-products": [COUNT_PAGE, panelFacts({ counts: [] })],
  network: [NETWORK_PAGE, panelFacts()],
  "network-ipv4-only": [NETWORK_PAGE, reachable(["10.0.0.5"])],
  "network-ipv6-only": [NETWORK_PAGE, reachable([IPV6])],
  "network-ipv6-scrolled": [page({ page: "network" }, 3000), reachable([IPV6])],
  "network-long-name": [NETWORK_PAGE, reachable(["192.168.1.10"], "kms-box-in-the-basement")],
  "network-no-address": [NETWORK_PAGE, reachable([])],
  "dns-off": [DNS_PAGE, panelFacts({ dns: { state: "off" } })],
  "dns-published": [DNS_PAGE, panelFacts()],
  "dns-failed": [DNS_PAGE, panelFacts({ dns: DNS_FAILED })],
  "dns-pending": [DNS_PAGE, panelFacts({ dns: { state: "pending", record: RECORD } })],
  "dns-withdrawn": [DNS_PAGE, panelFacts({ dns: { state: "withdrawn", record: RECORD } })],
  clients: [CLIENTS_PAGE, panelFacts()],
  "clients-none": [CLIENTS_PAGE, panelFacts({ clients: { total: 0, last: null, lapsingSoon: 0 } })],
  health: [HEALTH_PAGE, panelFacts()],
  "health-unwell": [HEALTH_PAGE, panelFacts({ health: UNWELL })],
  fault: [FAULT_PAGE, faulty({ nextStep: "connect NTP or set it" })],
  "fault-attention": [
    FAULT_PAGE,
    faulty({ level: "attention", title: "TOO HOT", nextStep: "air" }),
  ],
  "fault-duplicate-address": [
    FAULT_PAGE,
    faulty({
      title: "DUPLICATE ADDRESS",
      nextStep: "give this box or the other machine another one",
    }),
  ],
  "fault-forecast-low": [FAULT_PAGE, panelFacts({ faults: foresightFaults(FALLING, START_MS) })],
  "fault-long": [FAULT_PAGE, faulty({ title: "FLASH NEARLY FULL", nextStep: LONG_STEP })],
  "fault-scrolls": [FAULT_PAGE, faulty({ title: "SIGNING KEY DAMAGED", nextStep: LONGER_STEP })],
  "fault-gone": [FAULT_PAGE, panelFacts()],
  starting: [{ kind: "starting" }, panelFacts()],
  "holding-tap": [holding(1200, "tap", "code", 1800), panelFacts()],
  "holding-code": [holding(4000, "code", "restart", 2000), panelFacts()],
  "holding-restart": [holding(7000, "restart", "reset", 5000), panelFacts()],
  "holding-reset": [holding(13_000, "reset", "nothing", 7000), panelFacts()],
  "holding-nothing": [holding(22_000, "nothing", "nothing", 0), panelFacts()],
  code: [{ kind: "code", code: "7KRM4XPT", remainingMs: 250_000 }, panelFacts()],
  "code-ends": [{ kind: "code", code: "7KRM4XPT", remainingMs: 20_000 }, panelFacts()],
  message: [
    {
      kind: "message",
      title: "NO CODE",
      detail: "the box is still starting: try again when it serves",
    },
    panelFacts(),
  ],
  "message-too-long": [
    { kind: "message", title: "CANNOT START", detail: "the port is in use ".repeat(12) },
    panelFacts(),
  ],
  "confirm-reset": [{ kind: "confirm-reset", remainingMs: 8000 }, panelFacts()],
  "restart-offer": [{ kind: "restart-offer", remainingMs: 2000 }, panelFacts()],
  restarting: [{ kind: "restarting" }, panelFacts()],
  resetting: [{ kind: "resetting" }, panelFacts()],
  "powering-off": [{ kind: "powering-off" }, panelFacts()],
  stopped: [{ kind: "stopped" }, panelFacts()],
  off: [{ kind: "off" }, panelFacts()],
};

describe("The panel's picture", () => {
  for (const [name, [screen, facts]] of Object.entries(PICTURES)) {
    for (const size of SIZES) {
      it(`${name} is as it was looked at, on ${size.width}x${size.height}`, () => {
        assertGolden(`${name}-${size.width}x${size.height}`, drawScreen(screen, facts, size));
      });
    }
  }
});
