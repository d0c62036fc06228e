import { MINUTE_MS } from "../domain/units.ts";
import type { PanelFault } from "../panel/facts.ts";
import type { Clock } from "../ports/clock.ts";
import type { EventLog } from "../ports/events.ts";

/** How long the panel says that a stick may be pulled. */
const TOLD_MS = 5 * MINUTE_MS;

/** What became of a backup, as the program that made it tells the box. */
export type BackupTold =
  | { readonly made: true; readonly file: string; readonly bytes: number; readonly usb: boolean }
  | { readonly made: false; readonly reason: string; readonly usb: boolean };

export interface BackupNewsParts {
  readonly events: EventLog;
  readonly clock: Pick<Clock, "monotonicMs">;
}

/** Tells of backups in the log, and on the panel of those on a USB stick: nobody else sees those. */
export class BackupNews {
  readonly #parts: BackupNewsParts;
  #last: { readonly made: boolean; readonly atMs: number } | undefined;

  constructor(parts: BackupNewsParts) {
    this.#parts = parts;
  }

  tell(told: BackupTold): void {
    const { events, clock } = this.#parts;
    // Before the event, upon which the panel asks.
    if (told.usb) this.#last = { made: told.made, atMs: clock.monotonicMs() };
    if (told.made) {
      const { file, bytes, usb } = told;
      events.record("backup-made", `A backup was made: ${file}, ${bytes} bytes.`, {
        file,
        bytes,
        usb,
      });
    } else {
      const { reason, usb } = told;
      events.record("backup-failed", `A backup could not be made: ${reason}`, { reason, usb });
    }
  }

  /** What the panel says; that one failed until the next one is made. */
  faults(): PanelFault[] {
    if (this.#last === undefined) return [];
    const { made, atMs } = this.#last;
    if (made && this.#parts.clock.monotonicMs() - atMs > TOLD_MS) return [];
    return [made ? MADE : FAILED];
  }
}

const MADE: PanelFault = {
  level: "attention",
  code: "backup-made",
  title: "BACKUP MADE",
  nextStep: "pull the USB stick out",
};
const FAILED: PanelFault = {
  level: "attention",
  code: "backup-failed",
  title: "BACKUP FAILED",
  nextStep: "try another USB stick; kms-box events tells why",
};
