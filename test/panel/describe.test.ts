import assert from "node:assert/strict";
import { describeScreen } from "../../src/panel/describe.ts";
import type { DnsFacts } from "../../src/panel/facts.ts";
import type { Screen } from "../../src/panel/screen.ts";
import { panelFacts } from "../support/panel-facts.ts";
import { COUNT_PAGE, counted, FAULT_PAGE, faulty, page } from "./screens.ts";

const said = (screen: Screen, facts = panelFacts()) => describeScreen(screen, facts);
const dns = (facts: DnsFacts) => said(page({ page: "dns" }), panelFacts({ dns: facts }));

describe("The description of a screen", () => {
  it("tells the count", () => {
    const name = "Example Desktop";
    assert.deepEqual(said(COUNT_PAGE, counted(0)), [name, "0 of 25", "NEEDS 25 MORE"]);
    assert.deepEqual(said(COUNT_PAGE, counted(25)), [name, "25 of 25", "ACTIVATING"]);
    const stopped = { ...counted(25), serving: false };
    assert.deepEqual(said(COUNT_PAGE, stopped), [name, "25 of 25", "NOT SERVING"]);
    const none = panelFacts({ counts: [] });
    assert.deepEqual(said(COUNT_PAGE, none), ["NO PRODUCTS", "install a licence"]);
  });

  it("tells the network", () => {
    assert.deepEqual(said(page({ page: "network" })), [
      "host kms-box, port 1688, link up",
      "192.168.178.20, 2001:db8:4f2:1c00:ba27:ebff:fe12:3456",
    ]);
    const away = { addresses: [], link: "unknown", port: 1, webPort: null } as const;
    const network = { hostname: "kms-box", ...away };
    assert.deepEqual(said(page({ page: "network" }), panelFacts({ network })), [
      "host kms-box, port 1, link ?",
      "no address",
    ]);
  });

  it("tells whether the host is in DNS, and what to do if it is not", () => {
    const record = "_vlmcs._tcp.office.example";
    assert.deepEqual(said(page({ page: "dns" })), ["PUBLISHED", record, "for 3 d"]);
    assert.deepEqual(dns({ state: "off" }), [
      "DNS OFF",
      "clients need this host's name, or its record in DNS",
    ]);
    assert.deepEqual(dns({ state: "failed", record, reason: "refused" }), [
      "DNS FAILED",
      record,
      "refused",
      "check DNS settings, or add the record by hand",
    ]);
    assert.deepEqual(dns({ state: "pending", record }), ["DNS WAITS", record, "being published"]);
    assert.deepEqual(dns({ state: "withdrawn", record }), [
      "WITHDRAWN",
      record,
      "publish: kms-box dns publish",
    ]);
    const justNow: DnsFacts = { state: "published", record, sinceMs: panelFacts().nowMs };
    assert.deepEqual(dns(justNow), ["PUBLISHED", record, "just now"]);
  });

  it("tells the clients", () => {
    assert.deepEqual(said(page({ page: "clients" })), [
      "31 CLIENTS",
      "last: ws-017, 4 min ago",
      "2 lapse in 7 days",
    ]);
    const clients = { total: 1, last: null, lapsingSoon: 1 };
    assert.deepEqual(said(page({ page: "clients" }), panelFacts({ clients })), [
      "1 CLIENT",
      "none activated yet",
      "1 lapses in 7 days",
    ]);
  });

  it("tells the box's health", () => {
    assert.deepEqual(said(page({ page: "health" })), [
      "HEALTHY",
      "clock ok, NTP",
      "flash ok, 12 GB free",
      "temperature 47 °C",
      "up 3 d, started after: power cut",
      "version 0.1.0",
    ]);
    const health = {
      ...panelFacts().health,
      clock: { trusted: false, detail: "" },
      flash: { ok: false, freeBytes: null },
      temperatureCelsius: null,
    };
    assert.deepEqual(said(page({ page: "health" }), panelFacts({ health })).slice(0, 4), [
      "NOT WELL",
      "clock NOT TRUSTED",
      "flash FAILING",
      "temperature -",
    ]);
  });

  it("tells a fault and what to do", () => {
    const facts = faulty({ nextStep: "connect NTP or set it" });
    assert.deepEqual(said(FAULT_PAGE, facts), ["fault: NO CLOCK", "connect NTP or set it"]);
    assert.deepEqual(said(FAULT_PAGE), ["ALL WELL", "the fault has gone"]);
  });

  it("tells what letting go of the button does", () => {
    const holding = { kind: "holding", heldMs: 7000, nextInMs: 4001 } as const;
    assert.deepEqual(said({ ...holding, action: "restart", next: "reset" }), [
      "let go now: restart",
      "hold 5 s: factory reset",
    ]);
    assert.deepEqual(said({ ...holding, action: "nothing", next: "nothing" }), [
      "let go now: nothing",
      "held too long",
    ]);
  });

  it("never tells a one-time code", () => {
    assert.deepEqual(said({ kind: "code", code: "7KRM4XPT", remainingMs: 1000 }), [
      "one-time code shown on the display",
    ]);
  });

  it("tells what the box is about to do", () => {
    assert.deepEqual(said({ kind: "starting" }), ["starting"]);
    assert.deepEqual(said({ kind: "message", title: "NO CODE", detail: "why" }), [
      "NO CODE",
      "why",
    ]);
    assert.deepEqual(said({ kind: "confirm-reset", remainingMs: 7900 }), [
      "factory reset? tap within 8 s",
    ]);
    assert.deepEqual(said({ kind: "restarting" }), ["restarting"]);
    assert.deepEqual(said({ kind: "resetting" }), ["factory reset: erasing all data"]);
    assert.deepEqual(said({ kind: "restart-offer", remainingMs: 2100 }), [
      "restarting in 3 s",
      "tap: power off",
    ]);
    assert.deepEqual(said({ kind: "powering-off" }), ["shutting down, do not unplug yet"]);
    assert.deepEqual(said({ kind: "off" }), ["off, safe to unplug"]);
    assert.deepEqual(said({ kind: "stopped" }), ["stopped, safe to unplug"]);
  });
});
