/**
 * What the suite and the agent in the guest say to each other: JSON, one object a line, over a
 * virtio-serial port.
 */
export type AgentRequest =
  | {
      readonly id: number;
      readonly run: string;
      readonly input?: string | undefined;
      readonly timeoutMs?: number | undefined;
    }
  | { readonly id: number; readonly stop: number };

export interface AgentReply {
  readonly id: number;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly ended?: Ended;
}

/** How a command ended. */
export interface Ended {
  /** Undefined if a signal ended it. */
  readonly status?: number | undefined;
  readonly timedOut: boolean;
}

/** Cuts a stream of text into lines. */
export class LineSplitter {
  #rest = "";

  push(text: string): string[] {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    return lines.filter((line) => line !== "");
  }
}
