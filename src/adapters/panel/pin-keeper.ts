import { SECOND_MS } from "../../domain/units.ts";
import type { Timers } from "../../ports/clock.ts";
import type { PartCondition } from "../../ports/panel.ts";
import { absentBy } from "./gpio-failures.ts";
import { Nap } from "./nap.ts";

const FIRST_PAUSE_MS = SECOND_MS;
const LONGEST_PAUSE_MS = 30 * SECOND_MS;

/** What is kept open. */
export interface KeptUse {
  /** What uses the pins, for messages. */
  readonly name: string;
  /**
   * Opens the pins and begins to use them.
   *
   * @param sleep false if it was cut short
   */
  open(sleep: (durationMs: number) => Promise<boolean>): Promise<void>;
  /** Ends what `open` began, however far that came. Never rejects. */
  close(failed: boolean): Promise<void>;
}

/** Keeps pins open: tries again after a failure, and tells when that changes anything. */
export class PinKeeper {
  readonly #use: KeptUse;
  readonly #nap: Nap;
  #onCondition: (condition: PartCondition) => void = () => undefined;
  #told = "";
  #stopping = false;
  #fail: (error: unknown) => void = () => undefined;
  #work: Promise<void> | undefined;

  constructor(use: KeptUse, timers: Timers) {
    this.#use = use;
    this.#nap = new Nap(timers);
  }

  /** Resolves after the first try. */
  start(onCondition: (condition: PartCondition) => void): Promise<void> {
    this.#onCondition = onCondition;
    return new Promise((resolve) => {
      this.#work = this.#keep(resolve);
    });
  }

  /** The pins that were opened have failed. Without effect while none are open. */
  failed(error: unknown): void {
    this.#fail(error);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#nap.wake();
    this.#fail(undefined);
    await this.#work;
  }

  async #keep(tried: () => void): Promise<void> {
    for (let pauseMs = FIRST_PAUSE_MS; !this.#stopping; ) {
      const opened = await this.#useOnce(tried);
      tried();
      pauseMs = opened ? FIRST_PAUSE_MS : pauseMs;
      if (this.#stopping) return;
      await this.#nap.sleep(pauseMs);
      pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * pauseMs);
    }
  }

  /** Whether the pins could be opened; resolves once they are closed again. */
  async #useOnce(tried: () => void): Promise<boolean> {
    let failure: { readonly error: unknown } | undefined;
    const failed = new Promise<void>((resolve) => {
      this.#fail = (error) => {
        failure ??= { error };
        resolve();
      };
    });
    let opened = false;
    try {
      await this.#use.open((durationMs) => this.#nap.sleep(durationMs));
      opened = failure === undefined;
      if (opened) this.#tell({ state: "present" });
      if (opened) tried();
      if (!this.#stopping) await failed;
    } catch (error) {
      this.#fail(error);
    }
    this.#tell(absentBy(failure?.error, this.#use.name));
    await this.#use.close(!this.#stopping);
    return opened;
  }

  /** A part that is stopped on purpose is not absent. */
  #tell(condition: PartCondition): void {
    const text = JSON.stringify(condition);
    if (text !== this.#told && !this.#stopping) this.#onCondition(condition);
    this.#told = text;
  }
}
