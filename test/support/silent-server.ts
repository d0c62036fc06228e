import { createSocket } from "node:dgram";

/** A name server on loopback that takes every question and answers none. */
export interface SilentServer {
  /** `ADDRESS:PORT` */
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
}

export async function silentServer(): Promise<SilentServer> {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  const { port } = socket.address();
  const close = () => new Promise<void>((resolve) => socket.close(() => resolve()));
  return { address: `127.0.0.1:${port}`, port, close };
}
