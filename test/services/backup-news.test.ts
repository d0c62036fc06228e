import assert from "node:assert/strict";
import { BackupNews } from "../../src/services/backup-news.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { RecordedEvents } from "../support/recorded-events.ts";

describe("news of backups", () => {
  const rig = () => {
    const clock = new FakeClock();
    const events = new RecordedEvents();
    const news = new BackupNews({ events, clock });
    const titles = () => news.faults().map(({ title }) => title);
    return { clock, events, news, titles };
  };
  const MADE = { made: true, file: "/mnt/kms.age", bytes: 7 } as const;
  const FAILED = { made: false, reason: "the stick is full" } as const;

  it("go into the log", () => {
    const { events, news, titles } = rig();
    news.tell({ ...MADE, usb: false });
    news.tell({ ...FAILED, usb: false });
    assert.deepEqual(
      events.all.map(({ name }) => name),
      ["backup-made", "backup-failed"],
    );
    assert.deepEqual(titles(), []);
  });

  it("of a USB stick stand on the panel for five minutes", () => {
    const { clock, news, titles } = rig();
    news.tell({ ...MADE, usb: true });
    assert.deepEqual(titles(), ["BACKUP MADE"]);
    clock.pass(5 * 60_000 + 1);
    assert.deepEqual(titles(), []);
  });

  it("of one that failed stay until another is made", () => {
    const { clock, news, titles } = rig();
    news.tell({ ...FAILED, usb: true });
    clock.pass(24 * 3_600_000);
    assert.deepEqual(titles(), ["BACKUP FAILED"]);
    news.tell({ ...MADE, usb: true });
    assert.deepEqual(titles(), ["BACKUP MADE"]);
  });

  it("fit the panel", () => {
    const { news } = rig();
    for (const told of [
      { ...MADE, usb: true },
      { ...FAILED, usb: true },
    ]) {
      news.tell(told);
      for (const { title, nextStep } of news.faults()) {
        assert.ok(title.length <= 20 && nextStep.length <= 60);
      }
    }
  });
});
