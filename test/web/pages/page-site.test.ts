import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import fastify, { type FastifyInstance } from "fastify";
import { listenForPages } from "../../../src/web/pages/listening.ts";
import { type PageServer, PageSite } from "../../../src/web/pages/page-site.ts";
import { RecordedEvents } from "../../support/recorded-events.ts";
import { VirtualTimers } from "../../support/virtual-timers.ts";

class Rig {
  readonly events = new RecordedEvents();
  readonly timers = new VirtualTimers();
  readonly stopped: string[] = [];
  refusals: string[] = [];
  port = 80;
  readonly site = new PageSite({
    ...{ name: "The page", scheme: "http", option: "web.port" },
    place: { bind: "::", port: 80 },
    make: async () => this.#server(),
    events: this.events,
    timers: this.timers,
  });

  #server(): PageServer {
    return {
      start: async () => {
        const reason = this.refusals.shift();
        if (reason !== undefined) throw new Error(reason);
        return { address: "::", family: "IPv6", port: this.port };
      },
      stop: async () => void this.stopped.push("stopped"),
    };
  }
}

describe("a site of pages", () => {
  it("tells where it is, and where it is not at the usual port, why", async () => {
    const rig = new Rig();
    await rig.site.start();
    assert.equal(rig.site.port, 80);
    assert.equal(rig.events.all[0]?.message, "The page is on port 80.");
    const other = new Rig();
    other.port = 8080;
    await other.site.start();
    assert.match(other.events.all[0]?.message ?? "", /8080, as 80 cannot be had.*web\.port/);
    await rig.site.stop();
    assert.deepEqual([rig.site.port, rig.stopped], [null, ["stopped"]]);
  });

  it("is tried again every minute, and told of once", async () => {
    const rig = new Rig();
    rig.refusals = ["taken", "taken", "taken"];
    await rig.site.start();
    assert.equal(rig.site.port, null);
    await rig.timers.pass(119_000);
    assert.equal(rig.site.port, null);
    await rig.timers.pass(61_000);
    assert.equal(rig.site.port, 80);
    assert.deepEqual(rig.events.names, ["web-failed", "web-serving"]);
    assert.match(rig.events.all[0]?.message ?? "", /taken\. Activation goes on/);
    await rig.site.stop();
    assert.equal(rig.timers.waiting, 0);
  });

  it("is not tried again once it was stopped", async () => {
    const rig = new Rig();
    rig.refusals = ["taken"];
    await rig.site.start();
    await rig.site.stop();
    assert.equal(rig.timers.waiting, 0);
  });
});

describe("a place for pages", () => {
  const open: (Server | FastifyInstance)[] = [];
  afterEach(async () => {
    for (const each of open.splice(0)) await each.close();
  });
  const app = () => {
    const made = fastify();
    open.push(made);
    return made;
  };
  const taken = async (port = 0) => {
    const server = createServer();
    await new Promise<void>((resolve, reject) =>
      server.on("error", reject).listen(port, "127.0.0.1", resolve),
    );
    open.push(server);
    return (server.address() as AddressInfo).port;
  };

  it("is the one that is asked for", async () => {
    const { port, address } = await listenForPages(app(), { bind: "127.0.0.1", port: 0 });
    assert.ok(port > 0);
    assert.equal(address, "127.0.0.1");
  });

  it("is another where the usual one is taken, and the page is there", async () => {
    await taken(80).catch(() => undefined);
    const place = app();
    place.get("/", () => "here");
    const { port } = await listenForPages(place, { bind: "127.0.0.1", port: 80 });
    assert.notEqual(port, 80);
    assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), "here");
  });

  it("is no other where one was chosen that is taken", async () => {
    const port = await taken();
    await assert.rejects(listenForPages(app(), { bind: "127.0.0.1", port }), {
      code: "EADDRINUSE",
    });
  });
});
