import assert from "node:assert/strict";
import sinon from "sinon";
import { type Screen, show, type View } from "../../src/cli/box/watch.ts";

class FakeScreen implements Screen {
  readonly isTTY: boolean;
  readonly rows: number;
  readonly columns: number;
  readonly written: string[] = [];

  constructor(isTTY: boolean, [rows, columns]: [number, number] = [3, 5]) {
    this.isTTY = isTTY;
    this.rows = rows;
    this.columns = columns;
  }

  write(text: string): void {
    this.written.push(text);
  }
}

/** Counts up at every second look; stops the watch after six. */
function counting(stop: AbortController, hasPicture: boolean): View<number> {
  let looks = 0;
  return {
    async read() {
      looks++;
      if (looks === 6) stop.abort();
      return Math.ceil(looks / 2);
    },
    ...(hasPicture && { screen: (value) => [`value ${value}`, "second", "third"] }),
    changes: (value, before) => (value === before ? [] : [`now ${value}`]),
    documents: (value, before) => (value === before ? [] : [{ value }]),
  };
}

describe("a view that is watched", () => {
  async function watched(screen: FakeScreen, json: boolean, hasPicture = true): Promise<string[]> {
    const clock = sinon.useFakeTimers({ toFake: ["setTimeout"] });
    const stop = new AbortController();
    const done = show(counting(stop, hasPicture), json, screen, stop.signal);
    for (let second = 0; second < 6; second++) await clock.tickAsync(1000);
    await done;
    return screen.written;
  }

  it("is one line for each change in a pipe", async () => {
    assert.deepEqual(await watched(new FakeScreen(false), false), [
      "now 1\n",
      "now 2\n",
      "now 3\n",
    ]);
  });

  it("is one document for each change with --json, in a terminal too", async () => {
    const written = await watched(new FakeScreen(true), true);
    assert.deepEqual(written, ['{"value":1}\n', '{"value":2}\n', '{"value":3}\n']);
  });

  it("waits for a box that starts again, but not for one that never ran", async () => {
    const clock = sinon.useFakeTimers({ toFake: ["setTimeout"] });
    const stop = new AbortController();
    const view = counting(stop, false);
    let looks = 0;
    const away: View<number> = {
      ...view,
      read: async () => {
        looks++;
        if (looks === 2 || looks === 3) throw new Error("away");
        return view.read();
      },
    };
    const screen = new FakeScreen(false);
    const done = show(away, false, screen, stop.signal);
    for (let second = 0; second < 8; second++) await clock.tickAsync(1000);
    await done;
    assert.deepEqual(screen.written, ["now 1\n", "now 2\n", "now 3\n"]);

    const never: View<number> = { ...view, read: () => Promise.reject(new Error("never ran")) };
    await assert.rejects(show(never, false, screen, new AbortController().signal), /never ran/);
  });

  it("is drawn over itself in a terminal, cut to its size", async () => {
    const written = await watched(new FakeScreen(true), false);
    assert.equal(written.length, 6);
    assert.equal(written[0], "\u001B[Hvalue\u001B[K\nsecon\u001B[K\n\u001B[J");
  });

  it("is drawn whole where the terminal does not tell its size", async () => {
    const [first] = await watched(new FakeScreen(true, [0, 0]), false);
    assert.equal(first, "\u001B[Hvalue 1\u001B[K\nsecond\u001B[K\nthird\u001B[K\n\u001B[J");
  });

  it("goes on line by line in a terminal where it has no picture", async () => {
    const written = await watched(new FakeScreen(true), false, false);
    assert.deepEqual(written, ["now 1\n", "now 2\n", "now 3\n"]);
  });
});
