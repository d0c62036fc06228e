import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { ensurePackages, PATH, runTool } from "./debian-packages.ts";

/** Where `ip netns exec` takes a namespace's own files of `/etc` from. */
const ETC = "/etc/netns";

/** Gives the process a host name of its own and then becomes the program. */
const NAMED = 'echo "$0" > /proc/sys/kernel/hostname && exec "$@"';

/** One end of a link. */
export interface Plug {
  readonly machine: Machine;
  /** Name of the interface in that namespace. */
  readonly device: string;
  /** With prefix length, such as `10.1.0.2/24`; none by default. */
  readonly addresses?: readonly string[];
}

/** A network namespace that stands for a machine: its own links, host name and resolver. */
export class Machine {
  readonly namespace: string;
  /** Host name that programs see which run here. */
  readonly hostname: string;
  /** What a program's command line begins with to run here. */
  readonly within: readonly string[];

  constructor(namespace: string, hostname: string) {
    this.namespace = namespace;
    this.hostname = hostname;
    const inNamespace = ["ip", "netns", "exec", namespace];
    this.within = [...inNamespace, "unshare", "--uts", "sh", "-c", NAMED, hostname];
  }

  /** Runs a program to its end; rejects with what it wrote if it fails. */
  run(program: string, ...args: readonly string[]): Promise<string> {
    const [first = "", ...rest] = [...this.within, program, ...args];
    return runTool(first, rest);
  }

  /** `ip` in this namespace, such as `ip("link", "set", "eth0", "down")`. */
  ip(...args: readonly string[]): Promise<string> {
    return runTool("ip", ["-n", this.namespace, ...args]);
  }

  /** What `/etc/resolv.conf` holds for programs that start here from now on. */
  resolveBy(text: string): void {
    mkdirSync(`${ETC}/${this.namespace}`, { recursive: true });
    writeFileSync(`${ETC}/${this.namespace}/resolv.conf`, text);
  }
}

/**
 * Machines on links, in network namespaces under names of this run alone. Nothing is added to the
 * namespace that the tests run in. Needs root and iproute2.
 */
export class NetworkRig {
  readonly #prefix = `kmstest-${process.pid}-${randomBytes(3).toString("hex")}`;
  readonly #machines: Machine[] = [];
  readonly #onExit = () => this.#deleteNow();
  #links = 0;

  private constructor() {
    process.once("exit", this.#onExit);
  }

  /** @throws {Error} naming what this machine lacks. */
  static async create(): Promise<NetworkRig> {
    await ensurePackages({ ip: "iproute2", unshare: "util-linux" });
    if (process.getuid?.() !== 0)
      throw new Error("This suite makes network namespaces: run as root.");
    return new NetworkRig();
  }

  /** A machine with a loopback interface and nothing else; it asks no name server. */
  async machine(hostname: string): Promise<Machine> {
    const machine = new Machine(`${this.#prefix}-${hostname}`, hostname);
    await runTool("ip", ["netns", "add", machine.namespace]);
    this.#machines.push(machine);
    machine.resolveBy("");
    await machine.ip("link", "set", "lo", "up");
    return machine;
  }

  /** Joins machines as one link, as an Ethernet switch does. */
  async link(...plugs: readonly Plug[]): Promise<void> {
    const lan = await this.machine(`switch${this.#links++}`);
    await lan.ip("link", "add", "switch", "type", "bridge");
    // A switch that listens for members first would keep multicast from them for seconds.
    await lan.ip("link", "set", "switch", "type", "bridge", "mcast_snooping", "0");
    await lan.ip("link", "set", "switch", "up");
    for (const [index, { machine, device, addresses = [] }] of plugs.entries()) {
      const port = `port${index}`;
      const peer = ["peer", "name", port, "netns", lan.namespace];
      await machine.ip("link", "add", device, "type", "veth", ...peer);
      await lan.ip("link", "set", port, "master", "switch", "up");
      // Duplicate detection would keep IPv6 addresses unusable for a second or two.
      await machine.run("sh", "-c", `echo 0 > /proc/sys/net/ipv6/conf/${device}/accept_dad`);
      for (const address of addresses) await machine.ip("address", "add", address, "dev", device);
      await machine.ip("link", "set", device, "up");
    }
  }

  /** Ends what still runs in the namespaces and deletes them; also if a test failed halfway. */
  delete(): void {
    this.#deleteNow();
    process.off("exit", this.#onExit);
  }

  #deleteNow(): void {
    for (const { namespace } of this.#machines.splice(0).toReversed()) {
      for (const pid of ip("netns", "pids", namespace).split("\n")) {
        if (pid !== "") endProcess(Number(pid));
      }
      ip("netns", "delete", namespace);
      rmSync(`${ETC}/${namespace}`, { recursive: true, force: true });
    }
  }
}

function ip(...args: readonly string[]): string {
  return spawnSync("ip", args, { encoding: "utf8", env: { ...process.env, PATH } }).stdout ?? "";
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself meanwhile.
  }
}
