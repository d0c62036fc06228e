import { KmsError } from "../domain/errors.ts";
import type { EventLog } from "../ports/events.ts";
import type { FactoryReset } from "../ports/factory-reset.ts";

/** Who asked: somebody at the front panel, or a command of the administrator. */
export type AskedBy = "button" | "command";

/** Why the service ends. */
export type Ending =
  | { readonly kind: "signal"; readonly signal: string }
  | { readonly kind: "restart"; readonly by: AskedBy }
  | { readonly kind: "factory-reset"; readonly by: AskedBy };

/** The service ends already, for another reason. */
export class AlreadyEndingError extends KmsError {
  readonly code = "already-ending";
}

export interface EndingParts {
  readonly events: EventLog;
  readonly reset: FactoryReset;
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
  #recording = false;

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
    if (this.#reached === undefined) this.#end({ kind: "signal", signal });
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
    this.#recording = true;
    try {
      await this.#parts.reset.record();
    } finally {
      this.#recording = false;
    }
    this.#parts.events.record(
      "factory-reset-requested",
      `A factory reset was asked for by ${NAMES[by]}: the next start erases licences, clients, ` +
        "settings and host key.",
      { by },
    );
    if (this.#reached === undefined) this.#end({ kind: "factory-reset", by }, answered);
  }

  #requireLasting(): void {
    if (this.#reached === undefined && !this.#recording) return;
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
