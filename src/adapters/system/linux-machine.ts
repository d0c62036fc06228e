import { readdirSync, readFileSync, statfsSync } from "node:fs";
import { hostname, type NetworkInterfaceInfo, networkInterfaces } from "node:os";
import { join } from "node:path";
import { isLinkLocal } from "../../domain/dns-names.ts";
import { MINUTE_MS } from "../../domain/units.ts";
import { VIRTUAL } from "../../platform/network/adapters.ts";
import type { LinkState, Machine } from "../../ports/machine.ts";

const MILLIDEGREES = 1000;
/** How long an answer about free space is kept. */
const KEPT_MS = MINUTE_MS;

export interface LinuxMachineOptions {
  /** Where the state is kept, for its free space. */
  readonly folder: string;
  /** Where the system's files are; another folder in tests. */
  readonly root?: string;
  readonly interfaces?: typeof networkInterfaces;
  readonly freeSpace?: (folder: string) => number;
}

/** What Linux tells in `/proc` and `/sys`; elsewhere most of it is unknown. Nothing here throws. */
export class LinuxMachine implements Machine {
  readonly #folder: string;
  readonly #root: string;
  readonly #interfaces: typeof networkInterfaces;
  readonly #freeSpace: (folder: string) => number;
  #free: { readonly bytes: number | null; readonly atMs: number } | undefined;

  constructor(options: LinuxMachineOptions) {
    this.#folder = options.folder;
    this.#root = options.root ?? "/";
    this.#interfaces = options.interfaces ?? networkInterfaces;
    this.#freeSpace = options.freeSpace ?? freeSpace;
  }

  hostname(): string {
    return orElse("", () => hostname());
  }

  addresses(): readonly string[] {
    // A sandbox that forbids netlink sockets makes the system's call throw.
    const named = Object.entries(orElse({}, () => this.#interfaces()));
    const real = named.filter(([name]) => !VIRTUAL.test(name)).flatMap(usable);
    const found = real.length > 0 ? real : named.flatMap(usable);
    const global = found.filter(({ address }) => !isLinkLocal(address));
    const chosen = global.length > 0 ? global : found;
    return ["IPv4", "IPv6"].flatMap((wanted) =>
      chosen.filter(({ family }) => family === wanted).map(({ address }) => address),
    );
  }

  link(): LinkState {
    const names = orElse([], () => readdirSync(join(this.#root, "sys/class/net")));
    const states = names
      .filter((name) => name !== "lo" && !VIRTUAL.test(name))
      .map((name) => this.#isUp(name));
    if (states.includes(true)) return "up";
    return states.length > 0 ? "down" : "unknown";
  }

  temperatureCelsius(): number | null {
    const text = this.#read("sys/class/thermal/thermal_zone0/temp");
    return text !== undefined && /^-?\d+$/.test(text) ? Number(text) / MILLIDEGREES : null;
  }

  freeBytes(): number | null {
    const nowMs = performance.now();
    if (this.#free === undefined || nowMs - this.#free.atMs > KEPT_MS) {
      this.#free = { bytes: orElse(null, () => this.#freeSpace(this.#folder)), atMs: nowMs };
    }
    return this.#free.bytes;
  }

  bootId(): string | null {
    return this.#read("proc/sys/kernel/random/boot_id") || null;
  }

  /** Drivers that do not keep the state up to date say "unknown"; then the carrier tells. */
  #isUp(name: string): boolean {
    const state = this.#read(`sys/class/net/${name}/operstate`);
    if (state !== undefined && state !== "unknown") return state === "up";
    return this.#read(`sys/class/net/${name}/carrier`) === "1";
  }

  #read(path: string): string | undefined {
    return orElse(undefined, () => readFileSync(join(this.#root, path), "utf8").trim());
  }
}

function usable([, addresses = []]: [string, NetworkInterfaceInfo[] | undefined]) {
  return addresses.filter(({ internal }) => !internal);
}

/** What a user without privileges may still write, in bytes. */
function freeSpace(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

function orElse<T>(otherwise: T, look: () => T): T {
  try {
    return look();
  } catch {
    return otherwise;
  }
}
