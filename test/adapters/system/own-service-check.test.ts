import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { OwnServiceCheck } from "../../../src/adapters/system/own-service-check.ts";
import { StorageFailedError } from "../../../src/ports/store.ts";

const THUMBPRINT = "t".repeat(43);

describe("the self-check", () => {
  let server: Server;
  let answer: RequestListener;
  let commit: () => Promise<void>;

  beforeEach(async () => {
    commit = async () => undefined;
    answer = (_, response) => response.end(JSON.stringify({ host: THUMBPRINT }));
    server = createServer((request, response) => answer(request, response));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  function check(address = "127.0.0.1"): Promise<void> {
    const { port } = server.address() as AddressInfo;
    const store = { commit: () => commit() };
    return new OwnServiceCheck({
      address,
      port,
      thumbprint: THUMBPRINT,
      store,
      limitMs: 200,
    }).run();
  }

  it("is passed by the host that says who it is, on every address or on one", async () => {
    await Promise.all([check(), check("::"), check("0.0.0.0")]);
  });

  it("asks who the host is, which a clock that is not trusted does not change", async () => {
    const asked: unknown[] = [];
    const usual = answer;
    answer = (request, response) => {
      asked.push([request.method, request.url]);
      usual(request, response);
    };
    await check();
    assert.deepEqual(asked, [["GET", "/v1/host"]]);
  });

  it("is not passed by another host, nor by something else", async () => {
    for (const body of [JSON.stringify({ host: "another" }), "{}", "null", "<html>"]) {
      answer = (_, response) => response.end(body);
      await assert.rejects(check(), { code: "self-check-failed", message: /is not this host/ });
    }
  });

  it("is not passed by a port that is closed, or that does not answer", async () => {
    answer = () => undefined;
    await assert.rejects(check(), {
      code: "self-check-failed",
      message: /does not answer .* port/,
    });
    answer = (_, response) => void response.writeHead(200).write("{");
    await assert.rejects(check(), { code: "self-check-failed" });
    const { port } = server.address() as AddressInfo;
    server.closeAllConnections();
    server.close();
    await once(server, "close");
    const options = { address: "127.0.0.1", port, thumbprint: THUMBPRINT, store: { commit } };
    await assert.rejects(new OwnServiceCheck(options).run(), /ECONNREFUSED/);
  });

  it("is passed where this machine asks more often than anybody may", async () => {
    answer = (_, response) => response.writeHead(429).end("{}");
    await check();
  });

  it("is passed where the address itself is lost, as a new start does not bring it back", async () => {
    await check("192.0.2.77");
  });

  it("is passed by flash that refuses, but not by a store that does not come to an end", async () => {
    commit = () => Promise.reject(new StorageFailedError("the disk is full"));
    await check();
    commit = () => new Promise(() => undefined);
    await assert.rejects(check(), {
      code: "self-check-failed",
      message: /not stored within 0.2 s/,
    });
    commit = () => Promise.reject(new TypeError("broken"));
    await assert.rejects(check(), TypeError);
  });
});
