import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";

/**
 * What tells this machine from others, by how it behaves:
 * - `hardware` stays with the board or the virtual machine and does not travel with a disk;
 * - `os` is made when the system is installed and does travel with a disk;
 * - `network` is the burnt-in addresses of real adapters: readable by every user where the hardware's
 *   number is for root only, but adapters are added and replaced.
 */
export interface MachineIdentifiers {
  readonly hardware: readonly string[];
  readonly os: readonly string[];
  readonly network: readonly string[];
}

/** How identifiers are read; injected in tests. */
export interface MachineSource {
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Content of a file; undefined where it cannot be read. */
  read(path: string): Promise<string | undefined>;
  list(path: string): Promise<readonly string[]>;
  /** Standard output of a program; undefined where it fails. */
  run(program: string, args: readonly string[]): Promise<string | undefined>;
}

/** Stands in for all identifiers of the machine; for tests and demonstrations only. */
export const MACHINE_ID_VARIABLE = "KMS_CLIENT_MACHINE_ID";

/** What boards say that were never given a number of their own. */
const PLACEHOLDER = /^(?:[0\s-]+|[f\s-]+|03000200-0400-0500-0006-000700080009|.*o\.?e\.?m.*)$/i;
const COMMAND_TIMEOUT_MS = 5000;

const NODE_SOURCE: MachineSource = {
  platform: process.platform,
  env: process.env,
  read: (path) => readFile(path, "utf8").catch(() => undefined),
  list: (path) => readdir(path).catch(() => []),
  run: (program, args) =>
    promisify(execFile)(program, [...args], { timeout: COMMAND_TIMEOUT_MS, windowsHide: true })
      .then(({ stdout }) => stdout)
      .catch(() => undefined),
};

/** Reads the identifiers of this machine. What cannot be read is left out. */
export async function readMachineIdentifiers(
  source: MachineSource = NODE_SOURCE,
): Promise<MachineIdentifiers> {
  const given = source.env[MACHINE_ID_VARIABLE];
  if (given) return { hardware: [given], os: [], network: [] };
  if (source.platform === "win32") return readWindows(source);
  if (source.platform === "darwin") return readMac(source);
  return readLinux(source);
}

async function readLinux(source: MachineSource): Promise<MachineIdentifiers> {
  const hardware = await Promise.all([
    source.read("/sys/class/dmi/id/product_uuid"),
    source.read("/sys/firmware/devicetree/base/serial-number"),
  ]);
  const os =
    (await source.read("/etc/machine-id")) ?? (await source.read("/var/lib/dbus/machine-id"));
  return {
    hardware: telling(hardware),
    os: telling([os]),
    network: telling(await readLinuxAdapters(source)),
  };
}

async function readLinuxAdapters(source: MachineSource) {
  const folder = "/sys/class/net";
  const names = await source.list(folder);
  return Promise.all(
    names.map(async (name) => {
      const permanent = (await source.read(`${folder}/${name}/addr_assign_type`))?.trim() === "0";
      // Bridges, tunnels and the like belong to no device; their addresses are made up.
      const real = (await source.list(`${folder}/${name}/device`)).length > 0;
      return permanent && real ? source.read(`${folder}/${name}/address`) : undefined;
    }),
  );
}

async function readMac(source: MachineSource): Promise<MachineIdentifiers> {
  const registry = await source.run("/usr/sbin/ioreg", ["-rd1", "-c", "IOPlatformExpertDevice"]);
  const uuid = /"IOPlatformUUID"\s*=\s*"([^"]+)"/.exec(registry ?? "")?.[1];
  return { hardware: telling([uuid]), os: [], network: [] };
}

async function readWindows(source: MachineSource): Promise<MachineIdentifiers> {
  const [hardware, os] = await Promise.all([
    // Windows names the hardware it last started on by the firmware's (SMBIOS) UUID.
    readRegistry(source, "HKLM\\SYSTEM\\HardwareConfig", "LastConfig"),
    readRegistry(source, "HKLM\\SOFTWARE\\Microsoft\\Cryptography", "MachineGuid"),
  ]);
  return { hardware: telling([hardware]), os: telling([os]), network: [] };
}

async function readRegistry(source: MachineSource, key: string, name: string) {
  const output = await source.run("reg", ["query", key, "/v", name, "/reg:64"]);
  return /REG_\w+\s+(.+)/.exec(output ?? "")?.[1];
}

function telling(values: readonly (string | undefined)[]): string[] {
  return values
    .map((value) => value?.replaceAll("\0", "").trim().toLowerCase() ?? "")
    .filter((value) => value !== "" && !PLACEHOLDER.test(value))
    .sort();
}
