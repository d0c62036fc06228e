import assert from "node:assert/strict";
import { Framebuffer } from "../../src/panel/framebuffer.ts";
import type { Display, PartCondition } from "../../src/ports/panel.ts";

/** A display that is there, and how to look at it. */
export interface DisplayRig {
  readonly display: Display;
  readonly width: number;
  readonly height: number;
  /** The picture that is seen; null while nothing is. */
  seen(): Framebuffer | null;
  /** Lets the display do what it has begun. */
  settle(): Promise<void>;
}

/** What every display must do; `open` gives one that was not started. */
export function displayContract(name: string, open: () => DisplayRig | Promise<DisplayRig>): void {
  describe(`${name}, as any display,`, () => {
    let rig: DisplayRig;
    let told: PartCondition[];
    const start = () => rig.display.start((condition) => told.push(condition));
    /** Every picture of its own: number 1 has other pixels than number 2. */
    const picture = (number: number) => {
      const drawn = new Framebuffer(rig.width, rig.height);
      for (let i = 0; i < 60; i++) drawn.set((i * number * 7) % rig.width, (i * 5) % rig.height);
      return drawn;
    };
    const assertSeen = (expected: Framebuffer) => {
      const seen = rig.seen();
      assert.ok(seen, "the display is dark");
      assert.ok(seen.equals(expected), "the display shows another picture");
    };
    /** Stops while the time of a display that lives in virtual time goes on. */
    const stop = async () => {
      const stopped = rig.display.stop();
      await rig.settle();
      await stopped;
    };

    beforeEach(async () => {
      rig = await open();
      told = [];
    });
    afterEach(() => stop());

    it("says once that it is present", async () => {
      await start();
      rig.display.show(picture(1), "full");
      await rig.settle();
      rig.display.show(picture(2), "full");
      await rig.settle();
      assert.deepEqual(told, [{ state: "present" }]);
    });

    it("shows one picture after the other", async () => {
      await start();
      for (const number of [1, 2, 3]) {
        rig.display.show(picture(number), "full");
        await rig.settle();
        assertSeen(picture(number));
      }
    });

    it("shows the newest of many that come at once", async () => {
      await start();
      for (let number = 1; number <= 20; number++) rig.display.show(picture(number), "full");
      await rig.settle();
      assertSeen(picture(20));
    });

    it("shows a picture that it was given before it started", async () => {
      rig.display.show(picture(1), "full");
      await start();
      await rig.settle();
      assertSeen(picture(1));
    });

    it("does not care what becomes of a picture that it was given", async () => {
      await start();
      const drawn = picture(1);
      rig.display.show(drawn, "full");
      drawn.bytes.fill(0xff);
      await rig.settle();
      assertSeen(picture(1));
    });

    it("can be read when dimmed, is dark when off, and wakes with the newest picture", async () => {
      await start();
      rig.display.show(picture(1), "dim");
      await rig.settle();
      assertSeen(picture(1));
      rig.display.show(picture(2), "off");
      await rig.settle();
      assert.equal(rig.seen(), null);
      rig.display.show(picture(3), "full");
      await rig.settle();
      assertSeen(picture(3));
    });

    it("shows the newest picture before it has stopped", async () => {
      await start();
      await rig.settle();
      rig.display.show(picture(1), "full");
      await stop();
      assertSeen(picture(1));
    });

    it("ignores pictures once it is stopped, and may be stopped twice or without a start", async () => {
      await stop();
      await stop();
      rig.display.show(picture(1), "full");
      await rig.settle();
      assert.equal(rig.seen(), null);
    });
  });
}
