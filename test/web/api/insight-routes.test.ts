import assert from "node:assert/strict";
import fastify, { type FastifyInstance } from "fastify";
import type { Lapse } from "../../../src/domain/insight/calendar.ts";
import { DAY_MS } from "../../../src/domain/units.ts";
import { Check } from "../../../src/protocol/typebox.ts";
import { calendarCsv } from "../../../src/web/api/calendar-csv.ts";
import { calendarIcs } from "../../../src/web/api/calendar-ics.ts";
import { addInsightRoutes } from "../../../src/web/api/insight-routes.ts";
import {
  ClonesSchema,
  ExplainSchema,
  ForecastSchema,
} from "../../../src/web/api/insight-schemas.ts";
import { TYPEBOX_COMPILERS } from "../../../src/web/schema-compilers.ts";
import { cmidOf, contact } from "../../support/contacts.ts";
import { START_MS } from "../../support/fake-clock.ts";
import { type InsightRig, insightRig } from "../../support/insight-rig.ts";

describe("the API of what is foreseen", () => {
  let rig: InsightRig;
  let app: FastifyInstance;
  beforeEach(async () => {
    rig = await insightRig();
    app = fastify({ schemaController: TYPEBOX_COMPILERS });
    addInsightRoutes(app, rig.insight);
    await app.ready();
    for (const [n, days] of [
      [1, 20],
      [2, 1],
      [3, 1],
    ] as const) {
      const lastContactMs = START_MS - days * DAY_MS;
      const leaseExpiresMs = lastContactMs + 180 * DAY_MS;
      rig.store.ledger.put(contact(n, { lastContactMs, leaseExpiresMs }));
    }
  });
  afterEach(() => app.close());

  async function get(path: string) {
    const { statusCode, body, headers } = await app.inject({ method: "GET", url: path });
    const isJson = String(headers["content-type"]).startsWith("application/json");
    return { statusCode, headers, body: isJson ? JSON.parse(body) : body };
  }

  it("foresees the count of every product", async () => {
    const { body } = await get("/api/v1/forecast");
    assert.ok(Check(ForecastSchema, body));
    const { days, machines, ...writer } = body.products[1] ?? { days: [], machines: [] };
    assert.deepEqual(writer, {
      product: "writer",
      name: "Writer",
      application: "office",
      threshold: 2,
      countNow: 3,
      leaving: 1,
      lowest: 2,
      fallsBelow: null,
      absent: 0,
    });
    assert.deepEqual([days[0], days[9], days[10], days[30]], [3, 3, 2, 2]);
    assert.deepEqual(machines, []);
    // The server's product has no client.
    assert.equal(body.safe, false);
  });

  it("answers whether machines may be retired, and names those whose absence matters", async () => {
    const { body } = await get("/api/v1/forecast?without=pc-2, PC-1");
    assert.deepEqual(body.retired, [
      { name: "pc-2", machines: [{ cmid: cmidOf(2), hostname: "pc-2" }] },
      { name: "PC-1", machines: [{ cmid: cmidOf(1), hostname: "pc-1" }] },
    ]);
    const { fallsBelow, absent, machines } = body.products[1];
    assert.equal(fallsBelow, new Date(START_MS + 29 * DAY_MS).toISOString());
    assert.equal(absent, 2);
    assert.deepEqual(
      machines.map((each: { hostname: string }) => each.hostname),
      ["pc-1", "pc-2"],
    );
    const worst = await get("/api/v1/forecast?ifNobodyReturns=true");
    assert.equal(worst.body.products[1].days[30], 0);
  });

  it("refuses machines that it does not know, and too many", async () => {
    const unknown = await get("/api/v1/forecast?without=pc-1,nobody,none");
    assert.equal(unknown.body.code, "machines-unknown");
    assert.match(unknown.body.message, /is called nobody, none\. See "kms-box clients"/);
    const many = Array.from({ length: 101 }, (_, n) => `x${n}`).join();
    assert.match((await get(`/api/v1/forecast?without=${many}`)).body.message, /at most 100/);
    assert.match((await get("/api/v1/forecast?without=,")).body.message, /^Name the machines/);
    for (const query of ["forecast?without=", "forecast?x=1", "explain", "calendar?format=pdf"]) {
      assert.equal((await get(`/api/v1/${query}`)).statusCode, 400, query);
    }
  });

  it("explains a machine", async () => {
    const { body } = await get("/api/v1/explain?machine=PC-1&product=writer");
    assert.ok(Check(ExplainSchema, body));
    assert.deepEqual(
      body.explanations.map(({ cmid, activated, state }) => [cmid, activated, state]),
      [[cmidOf(1), true, "overdue"]],
    );
  });

  it("tells of clones with what to do", async () => {
    const cmid = await rig.ask("pc-8");
    await rig.ask("pc-9", { key: "pc-8", fingerprint: "g".repeat(43) });
    const { body } = await get("/api/v1/clones");
    assert.ok(Check(ClonesSchema, body));
    const [clone] = body.clones;
    assert.deepEqual([clone?.cmid, clone?.uncounted, clone?.active], [cmid, 1, true]);
    assert.equal(
      clone?.remedy,
      'Run "kms-client rearm" on all but one of pc-8, pc-9, and before an image is made of a machine.',
    );
  });

  it("tells the calendar as JSON, and as files", async () => {
    const { body } = await get("/api/v1/calendar");
    assert.deepEqual(body, {
      total: 1,
      lapses: [
        {
          cmid: cmidOf(1),
          hostname: "pc-1",
          product: "writer",
          lastContact: new Date(START_MS - 20 * DAY_MS).toISOString(),
          lapses: new Date(START_MS + 160 * DAY_MS).toISOString(),
          counts: true,
        },
      ],
    });
    for (const [format, type] of [
      ["csv", "text/csv; charset=utf-8"],
      ["ics", "text/calendar; charset=utf-8"],
    ]) {
      const file = await get(`/api/v1/calendar?format=${format}`);
      assert.equal(file.headers["content-type"], type);
      assert.match(
        String(file.headers["content-disposition"]),
        new RegExp(`calendar\\.${format}"$`),
      );
      assert.match(file.body, /pc-1/);
    }
  });
});

const LAPSE: Lapse = {
  cmid: cmidOf(1),
  hostname: "pc-1",
  product: "writer",
  lastContactMs: START_MS,
  leaseExpiresMs: START_MS + 180 * DAY_MS,
  counts: true,
};

describe("the calendar as CSV", () => {
  const secondLine = (hostname: string) =>
    calendarCsv([{ ...LAPSE, hostname }])
      .split("\r\n")[1]
      ?.split(`,${LAPSE.cmid}`)[0];

  it("has a line for each machine, and one for the titles", () => {
    assert.equal(
      calendarCsv([LAPSE]),
      "host name,CMID,product,last contact,lapses,counts\r\n" +
        `pc-1,${LAPSE.cmid},writer,2025-01-06T08:00:00.000Z,2025-07-05T08:00:00.000Z,yes\r\n`,
    );
  });

  it("lets no host name become a formula, or more than one cell", () => {
    for (const sign of ["=", "+", "-", "@"]) {
      assert.equal(secondLine(`${sign}cmd()`), `'${sign}cmd()`);
    }
    assert.equal(secondLine('=a"b,c'), '"\'=a""b,c"');
    assert.equal(secondLine("a-b=c"), "a-b=c");
  });
});

describe("the calendar as iCalendar", () => {
  const hostname = "Büro; alt, \\ mit einem sehr langen Namen, der gefaltet werden muss 🖥🖥🖥🖥🖥🖥";
  const file = calendarIcs([LAPSE, { ...LAPSE, hostname, product: "x" }], START_MS);
  const lines = file.split("\r\n");
  const unfolded = file.replaceAll("\r\n ", "").split("\r\n");
  const values = (name: string) =>
    unfolded
      .filter((line) => line.startsWith(`${name}:`))
      .map((line) => line.slice(name.length + 1));

  it("has lines of at most 75 octets that end with CRLF, and cuts no character (RFC 5545 section 3.1)", () => {
    assert.equal(lines.at(-1), "");
    assert.ok(!file.replaceAll("\r\n", "").match(/[\r\n]/));
    for (const line of lines) assert.ok(Buffer.byteLength(line) <= 75, line);
    assert.ok(lines.some((line) => line.startsWith(" ")));
    for (const line of lines) assert.equal(Buffer.from(line).toString(), line);
    assert.ok(!file.includes("\uFFFD"));
  });

  it("is a calendar of whole events, each property once", () => {
    assert.deepEqual([unfolded[0], unfolded.at(-2)], ["BEGIN:VCALENDAR", "END:VCALENDAR"]);
    assert.deepEqual(values("VERSION"), ["2.0"]);
    assert.equal(values("PRODID").length, 1);
    assert.equal(values("BEGIN").filter((value) => value === "VEVENT").length, 2);
    assert.equal(values("END").filter((value) => value === "VEVENT").length, 2);
    for (const name of ["UID", "DTSTAMP", "DTSTART", "SUMMARY"]) {
      assert.equal(values(name).length, 2, name);
    }
  });

  for (const [name, lapses] of [
    ["lapses", [LAPSE, { ...LAPSE, hostname, product: "x" }]],
    ["none", []],
  ] as const) {
    it(`follows the grammar of RFC 5545: ${name}`, () => {
      const components = componentsOf(calendarIcs(lapses, START_MS));
      assert.equal(components.length, Math.max(1, lapses.length));
      for (const { begun, names } of components) {
        assert.equal(begun, "VEVENT");
        for (const once of ["UID", "DTSTAMP", "DTSTART", "SUMMARY"]) {
          assert.equal(names.filter((each) => each === once).length, 1, once);
        }
      }
    });
  }

  it("says on its day where nothing lapses", () => {
    const none = calendarIcs([], START_MS);
    assert.match(none, /\r\nDTSTART;VALUE=DATE:20250106\r\n/);
    assert.match(none, /\r\nSUMMARY:Every activated machine has come back\r\n/);
  });

  it("escapes what the format gives a meaning (section 3.3.11)", () => {
    const escaped = hostname.replaceAll(/[\\;,]/g, (sign) => `\\${sign}`);
    assert.ok(values("SUMMARY")[1]?.startsWith(escaped), values("SUMMARY")[1]);
  });

  it("has times in UTC, and UIDs that stay the same from export to export", () => {
    assert.deepEqual(values("DTSTAMP"), ["20250106T080000Z", "20250106T080000Z"]);
    assert.equal(values("DTSTART")[0], "20250705T080000Z");
    assert.deepEqual(values("UID"), [`${LAPSE.cmid}-writer@kms-box`, `${LAPSE.cmid}-x@kms-box`]);
    const later = calendarIcs([{ ...LAPSE, leaseExpiresMs: 0 }], START_MS + DAY_MS);
    assert.ok(later.replaceAll("\r\n ", "").includes(`UID:${LAPSE.cmid}-writer@kms-box\r\n`));
  });
});

/** RFC 5545 section 3.1: a name, parameters, a value. */
const CONTENT_LINE =
  /^([A-Z0-9-]+)(?:;[A-Z0-9-]+=(?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)*:(.*)$/;

/** The components of a calendar (section 3.4), with the names of their properties. */
function componentsOf(file: string) {
  const components: { readonly begun: string; readonly names: string[] }[] = [];
  const open: string[] = [];
  for (const line of file.replaceAll("\r\n ", "").split("\r\n").slice(0, -1)) {
    const [, name = "", value = ""] = CONTENT_LINE.exec(line) ?? assert.fail(line);
    if (name === "BEGIN") {
      if (open.length === 1) components.push({ begun: value, names: [] });
      open.push(value);
      assert.equal(open[0], "VCALENDAR");
    } else if (name === "END") assert.equal(value, open.pop());
    else if (open.length === 2) components.at(-1)?.names.push(name);
    else assert.equal(open.length, 1, line);
  }
  assert.deepEqual(open, []);
  return components;
}
