import { once } from "node:events";
import { createConnection, type Socket } from "node:net";
import { type AgentReply, type AgentRequest, type Ended, LineSplitter } from "./agent-protocol.ts";

/** What a command in the guest gave. */
export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  /** Ends it, with all that it started. */
  stop(): void;
  readonly ended: Promise<Ended>;
}

export interface Listeners {
  readonly onStdout: (text: string) => void;
  readonly onStderr?: (text: string) => void;
}

interface Pending extends Listeners {
  readonly resolve: (ended: Ended) => void;
  readonly reject: (error: Error) => void;
}

/** The suite's side of the port to the agent. */
export class AgentLink {
  readonly #socket: Socket;
  readonly #pending = new Map<number, Pending>();
  readonly #splitter = new LineSplitter();
  #lastId = 0;
  #closed: Error | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  static async connect(path: string): Promise<AgentLink> {
    const socket = createConnection(path);
    await once(socket, "connect");
    const link = new AgentLink(socket);
    socket.setEncoding("utf8").on("data", (text: string) => link.#receive(text));
    socket.on("error", () => {});
    socket.on("close", () => link.#end(new Error("The guest is gone.")));
    return link;
  }

  /** Sends a command that goes on until it is stopped or ends by itself. */
  start(command: string, listeners: Listeners, options: RunOptions = {}): Running {
    const id = ++this.#lastId;
    const ended = new Promise<Ended>((resolve, reject) => {
      if (this.#closed) return reject(this.#closed);
      this.#pending.set(id, { ...listeners, resolve, reject });
      this.#send({ id, run: command, ...options });
    });
    // Whoever starts something that never ends does not wait for its end either.
    ended.catch(() => {});
    return { ended, stop: () => this.#send({ id, stop: id }) };
  }

  async run(command: string, options: RunOptions = {}): Promise<Outcome> {
    let stdout = "";
    let stderr = "";
    const { ended } = this.start(
      command,
      {
        onStdout: (text) => {
          stdout += text;
        },
        onStderr: (text) => {
          stderr += text;
        },
      },
      options,
    );
    const { status, timedOut } = await ended;
    if (timedOut) throw new Error(`No end after ${options.timeoutMs} ms: ${command}\n${stderr}`);
    return { status: status ?? -1, stdout, stderr };
  }

  close(): void {
    this.#socket.destroy();
  }

  #send(request: AgentRequest): void {
    this.#socket.write(`${JSON.stringify(request)}\n`);
  }

  #receive(text: string): void {
    for (const line of this.#splitter.push(text)) {
      const reply: AgentReply = JSON.parse(line);
      const pending = this.#pending.get(reply.id);
      if (reply.stdout !== undefined) pending?.onStdout(reply.stdout);
      if (reply.stderr !== undefined) pending?.onStderr?.(reply.stderr);
      if (reply.ended) {
        this.#pending.delete(reply.id);
        pending?.resolve(reply.ended);
      }
    }
  }

  #end(error: Error): void {
    this.#closed = error;
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}

export interface RunOptions {
  /** What the command reads. */
  readonly input?: string;
  /** Counted in the guest. */
  readonly timeoutMs?: number;
}
