import { KmsError } from "../domain/errors.ts";
import type { EventLog } from "../ports/events.ts";
import type { FactoryReset } from "../ports/factory-reset.ts";
import type { PowerSwitch } from "../ports/power-switch.ts";

/** Who asked: somebody at the front panel, or a command of the administrator. */
export type AskedBy = "button" | "command";

/** Why the service ends. */
export type Ending =
  | { readonly kind: "signal"; readonly signal: string }
  | { readonly kind: "restart"; readonly by: AskedBy }
  | { readonly kind: "factory-reset"; readonly by: AskedBy }
  /** The machine shuts down. */
  | { readonly kind: "power-off"; readonly by: AskedBy };

/** The service ends already, for another reason. */
export class AlreadyEndingError extends KmsError {
  readonly code = "already-ending";
}

export interface EndingParts {
  readonly events: EventLog;
  readonly reset: FactoryReset;
  readonly power: PowerSwitch;
}

const NAMES: Readonly<Record<AskedBy, string>> = {
  button: "the button",
  command: "a command",
};

/** Collects the requests to end the service; the first one wins. */
export class Endings {
  readonly #parts: EndingParts;
  /** Resolves when the service is to stop. */
  readonly first: Promise<Ending>;
  #resolve: (ending: Ending) => void = () => undefined;
  #reached: Ending | undefined;
  /** A factory reset is being recorded, or the machine being told to shut down. */
  #preparing: "factory-reset" | { readonly kind: "power-off"; readonly by: AskedBy } | undefined;

  constructor(parts: EndingParts) {
    this.#parts = parts;
    this.first = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** The request that won, also while it still waits for an answer to be sent. */
  get reached(): Ending | undefined {
    return this.#reached;
  }

  /** A signal came. It is obeyed even while a factory reset is being recorded. */
  signalled(signal: string): void {
    if (this.#reached !== undefined) return;
    // A machine that shuts down may send its signal before it is heard that it does.
    this.#end(typeof this.#preparing === "object" ? this.#preparing : { kind: "signal", signal });
  }

  /**
   * @param answered what must be done before the service stops, such as sending an answer
   * @throws {AlreadyEndingError}
   */
  requestRestart(by: AskedBy, answered?: Promise<unknown>): void {
    this.#requireLasting();
    this.#parts.events.record("restart-requested", `A restart was asked for by ${NAMES[by]}.`, {
      by,
    });
    this.#end({ kind: "restart", by }, answered);
  }

  /**
   * Resolves once the request is durable; the reset is finished at the next start.
   *
   * @param answered what must be done before the service stops, such as sending an answer
   * @throws {AlreadyEndingError}
   * @throws {FactoryResetFailedError} the request could not be stored; the service goes on unchanged
   */
  async requestFactoryReset(by: AskedBy, answered?: Promise<unknown>): Promise<void> {
    this.#requireLasting();
    this.#preparing = "factory-reset";
    try {
      await this.#parts.reset.record();
    } finally {
      this.#preparing = undefined;
    }
    this.#parts.events.record(
      "factory-reset-requested",
      `A factory reset was asked for by ${NAMES[by]}: the next start erases licences, clients, ` +
        "settings and host key.",
      { by },
    );
    if (this.#reached === undefined) this.#end({ kind: "factory-reset", by }, answered);
  }

  /**
   * Resolves once the machine begins to shut down.
   *
   * @param answered what must be done before the service stops, such as sending an answer
   * @throws {AlreadyEndingError}
   * @throws {PowerOffFailedError} the service goes on unchanged
   */
  async requestPowerOff(by: AskedBy, answered?: Promise<unknown>): Promise<void> {
    this.#requireLasting();
    const { events, power } = this.#parts;
    const ending = { kind: "power-off", by } as const;
    this.#preparing = ending;
    events.record("power-off-requested", `To switch off was asked for by ${NAMES[by]}.`, { by });
    try {
      await power.off();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      events.record("power-off-failed", message, { by });
      throw error;
    } finally {
      this.#preparing = undefined;
    }
    if (this.#reached === undefined) this.#end(ending, answered);
  }

  #requireLasting(): void {
    if (this.#reached === undefined && this.#preparing === undefined) return;
    throw new AlreadyEndingError(
      "The box is stopping already. Wait until it runs again, then ask once more.",
    );
  }

  #end(ending: Ending, answered: Promise<unknown> = Promise.resolve()): void {
    this.#reached = ending;
    const resolve = () => this.#resolve(ending);
    answered.then(resolve, resolve);
  }
}
