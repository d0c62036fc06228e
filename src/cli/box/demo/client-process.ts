import { fork } from "node:child_process";
import { once } from "node:events";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import type { HostReply } from "../../../client/host-reply.ts";
import type { DemoTask } from "./demo-client.ts";

const FILE = fileURLToPath(import.meta.url);

/** As `askHost`, in a process that lives for this one request. */
export async function askInProcess(task: DemoTask): Promise<HostReply> {
  const child = fork(FILE.replace(/[^/\\]+$/, `client-main${extname(FILE)}`));
  // Over the channel, since the key must not stand in a command line.
  child.send(task);
  const [answer] = await Promise.race([
    once(child, "message") as Promise<[HostReply]>,
    once(child, "disconnect").then(() => {
      throw new Error("A client process ended without an answer.");
    }),
  ]);
  return answer;
}
