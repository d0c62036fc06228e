import { once } from "node:events";
import { connect, type Socket } from "node:net";

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** One keep-alive connection with one request under way; fails as soon as the host is gone. */
export class HttpConnection {
  readonly #socket: Socket;
  #received = "";
  #resolve: ((answer: Answer) => void) | undefined;
  #reject: ((error: Error) => void) | undefined;
  #ended: Error | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => {
      this.#received += text;
      this.#take();
    });
    socket.on("error", (error) => this.#end(error));
    socket.on("close", () => this.#end(new Error("connection closed")));
  }

  static async open(port: number): Promise<HttpConnection> {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    return new HttpConnection(socket);
  }

  get(path: string): Promise<Answer> {
    return this.#ask(`GET ${path} HTTP/1.1\r\nHost: test\r\n\r\n`);
  }

  activate(token: string): Promise<Answer> {
    return this.#ask(
      "POST /v1/activations HTTP/1.1\r\nHost: test\r\nContent-Type: application/jose\r\n" +
        `Content-Length: ${Buffer.byteLength(token, "latin1")}\r\n\r\n${token}`,
    );
  }

  close(): void {
    this.#socket.destroy();
  }

  #ask(text: string): Promise<Answer> {
    if (this.#ended) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#socket.write(text, "latin1");
    });
  }

  #take(): void {
    const head = this.#received.indexOf("\r\n\r\n");
    if (head < 0) return;
    const length = Number(/content-length: (\d+)/i.exec(this.#received.slice(0, head))?.[1] ?? 0);
    const end = head + 4 + length;
    if (this.#received.length < end) return;
    const answer = {
      status: Number(this.#received.slice(9, 12)),
      body: this.#received.slice(head + 4, end),
    };
    this.#received = this.#received.slice(end);
    this.#resolve?.(answer);
    this.#resolve = undefined;
    this.#reject = undefined;
  }

  #end(error: Error): void {
    this.#ended ??= error;
    this.#reject?.(error);
    this.#resolve = undefined;
    this.#reject = undefined;
  }
}
