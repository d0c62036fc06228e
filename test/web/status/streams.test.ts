import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, get, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { eventBytes, MOST_STREAMS, Streams } from "../../../src/web/status/streams.ts";

describe("streams of events", () => {
  const server = createServer();
  before(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
  after(() => server.close());

  async function open(streams: Streams, source: string, onEmpty = () => undefined) {
    const { port } = server.address() as AddressInfo;
    const asked = get({ port, host: "127.0.0.1" });
    asked.on("error", () => undefined);
    const [, response] = (await once(server, "request")) as [unknown, ServerResponse];
    response.write(": begun\n\n");
    const [answer] = await once(asked, "response");
    answer.on("error", () => undefined);
    streams.add(response, source, onEmpty);
    return { answer, response, asked };
  }

  it("lets go of who does not read, holding next to nothing for him, and of no other", async () => {
    const streams = new Streams();
    const slow = await open(streams, "slow");
    const quick = await open(streams, "quick");
    slow.answer.pause();
    quick.answer.resume();
    const bytes = eventBytes("sections", { facts: "x".repeat(16_000) });
    let held = 0;
    while (streams.size === 2) {
      streams.send(bytes);
      held = Math.max(held, slow.response.writableLength);
      await sleep(1);
    }
    assert.ok(held <= 64 * 1024, `${held} bytes`);
    assert.ok(slow.response.destroyed && !quick.response.destroyed);
    streams.endAll();
    await once(quick.answer, "close");
    slow.asked.destroy();
  });

  it("are so many in all, whoever has them", async () => {
    const streams = new Streams();
    const opened: ServerResponse[] = [];
    for (let index = 0; index < MOST_STREAMS; index++) {
      assert.ok(streams.hasRoom(`source ${index}`));
      opened.push((await open(streams, `source ${index}`)).response);
    }
    assert.ok(!streams.hasRoom("one more"));
    opened[0]?.destroy();
    await sleep(20);
    assert.ok(streams.hasRoom("one more"));
    for (const response of opened) response.destroy();
  });

  it("tell when the last one has gone", async () => {
    const streams = new Streams();
    let empty = 0;
    const one = await open(streams, "a", () => void empty++);
    const other = await open(streams, "b", () => void empty++);
    one.response.destroy();
    await sleep(20);
    assert.equal(empty, 0);
    other.response.destroy();
    await sleep(20);
    assert.equal(empty, 1);
  });

  it("carry a message in one line, whatever is in it", () => {
    const text = eventBytes("sections", { a: "one\ntwo\r\nevent: evil" }).toString();
    assert.equal(text, 'event: sections\ndata: {"a":"one\\ntwo\\r\\nevent: evil"}\n\n');
  });
});
