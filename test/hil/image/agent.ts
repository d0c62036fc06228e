import { spawn } from "node:child_process";
import { openSync, read, writeSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { type AgentReply, type AgentRequest, LineSplitter } from "../guest/agent-protocol.ts";

/**
 * Runs in the guest: carries out what the suite sends through the port named on the command line.
 * It is bundled to plain JavaScript when the image is made.
 */
const IDLE_MS = 50;
const readAsync = promisify(read);
const port = openSync(process.argv[2] ?? "", "r+");
/** Process groups of the commands that run. */
const running = new Map<number, number>();

function reply(message: AgentReply): void {
  const bytes = Buffer.from(`${JSON.stringify(message)}\n`);
  for (let sent = 0; sent < bytes.length; ) sent += writeSync(port, bytes, sent);
}

function carryOut(request: AgentRequest): void {
  if ("stop" in request) stop(running.get(request.stop));
  else start(request);
}

function start({ id, run, input, timeoutMs }: Extract<AgentRequest, { run: string }>): void {
  // A group of its own, so that what the shell started ends with it.
  const child = spawn("/bin/sh", ["-c", run], { detached: true });
  if (child.pid !== undefined) running.set(id, child.pid);
  let timedOut = false;
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true;
          stop(child.pid);
        }, timeoutMs);
  child.stdout.setEncoding("utf8").on("data", (stdout: string) => reply({ id, stdout }));
  child.stderr.setEncoding("utf8").on("data", (stderr: string) => reply({ id, stderr }));
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  child.on("error", (error) => reply({ id, stderr: String(error), ended: { timedOut } }));
  child.on("close", (status) => {
    clearTimeout(timer);
    running.delete(id);
    reply({ id, ended: { status: status ?? undefined, timedOut } });
  });
}

function stop(group: number | undefined): void {
  if (group === undefined) return;
  try {
    process.kill(-group, "SIGKILL");
  } catch {
    // It has ended by itself meanwhile.
  }
}

const decoder = new StringDecoder("utf8");
const splitter = new LineSplitter();
const buffer = Buffer.alloc(64 * 1024);
for (;;) {
  const { bytesRead } = await readAsync(port, buffer, 0, buffer.length, null);
  // The port reads as ended as long as nobody is connected at the other side.
  if (bytesRead === 0) await sleep(IDLE_MS);
  for (const line of splitter.push(decoder.write(buffer.subarray(0, bytesRead)))) {
    const request: AgentRequest = JSON.parse(line);
    carryOut(request);
  }
}
