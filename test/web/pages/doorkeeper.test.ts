import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Doorkeeper, type ServerBehind } from "../../../src/web/pages/doorkeeper.ts";

describe("a port whose server is made when somebody comes", () => {
  let made: number;
  let stopped: number;
  let make: () => Promise<ServerBehind>;
  let door: Doorkeeper;
  let url: string;

  beforeEach(async () => {
    made = 0;
    stopped = 0;
    make = async () => {
      const count = ++made;
      const server = createServer((_request, response) => response.end(`server ${count}`));
      return { server, stop: async () => void stopped++ };
    };
    door = new Doorkeeper({ make: () => make(), maxConnections: 8 });
    const { port } = await door.start({ bind: "127.0.0.1", port: 0 });
    url = `http://127.0.0.1:${port}/`;
  });
  afterEach(() => door.stop());

  const answer = async () => (await fetch(url, { headers: { connection: "close" } })).text();

  it("has none before that, and one for all who come", async () => {
    await sleep(20);
    assert.equal(made, 0);
    assert.deepEqual(await Promise.all([answer(), answer(), answer()]), Array(3).fill("server 1"));
    assert.equal(await answer(), "server 1");
    assert.equal(made, 1);
  });

  it("loses nothing that was sent before it was there", async () => {
    const right = make;
    make = async () => {
      await sleep(100);
      return right();
    };
    assert.equal(await answer(), "server 1");
  });

  it("tries again with the next who comes where it could not be made", async () => {
    const right = make;
    make = () => Promise.reject(new Error("no memory"));
    await assert.rejects(answer());
    make = right;
    assert.equal(await answer(), "server 1");
  });

  it("lets the server end who asks too slowly", async () => {
    make = async () => {
      const patience = {
        headersTimeout: 200,
        requestTimeout: 300,
        connectionsCheckingInterval: 50,
      };
      return { server: createServer(patience), stop: async () => undefined };
    };
    const slow = connect(Number(new URL(url).port), "127.0.0.1");
    slow.write("GET / HTTP/1.1\r\nHost: ");
    const [said] = await once(slow, "data");
    assert.match(String(said), /^HTTP\/1\.1 408 /);
    slow.destroy();
  });

  it("stops what is behind it, and lets nobody wait", async () => {
    await answer();
    await door.stop();
    assert.equal(stopped, 1);
    await assert.rejects(answer());
    make = () => new Promise(() => undefined);
    const another = new Doorkeeper({ make, maxConnections: 8 });
    const { port } = await another.start({ bind: "127.0.0.1", port: 0 });
    const waiting = connect(port, "127.0.0.1");
    await sleep(50);
    const ended = new Promise((resolve) => waiting.once("close", resolve));
    const stopping = another.stop();
    await ended;
    // Nothing can be stopped that is not made yet.
    assert.equal(await Promise.race([stopping, sleep(20, "still")]), "still");
  });
});
