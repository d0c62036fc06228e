import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { AddressFact, UseFact } from "../../domain/doctor/network-facts.ts";

const run = promisify(execFile);

/** Two probes, a second each (RFC 5227 section 2.1.1 has three, for an address not yet in use). */
const PROBES = ["-c", "2", "-w", "2"];
const ENDS_WITHIN_MS = 5000;
/** arping's exit status for an answer to a probe, and for all else that it cannot do. */
const ANSWERED = 1;
/** `IFA_F_DADFAILED`: the kernel met the same IPv6 address on the link (RFC 4862 section 5.4). */
const DAD_FAILED = 0x08;
/** Administrators' programs may not be on a service's path. */
const FOLDERS = ["/usr/bin", "/usr/sbin", "/bin", "/sbin"];

export interface AddressUseOptions {
  /** Where the system's files are; another folder in tests. */
  readonly root?: string;
  /** Instead of the arping of iputils. */
  readonly program?: string;
}

/**
 * Asks the link by ARP who else has the IPv4 addresses, and the kernel what it met when it took the
 * IPv6 ones.
 */
export async function probeUses(
  addresses: readonly AddressFact[],
  options: AddressUseOptions = {},
): Promise<UseFact[]> {
  const { root = "/", program = "arping" } = options;
  const [failed, own, uses] = await Promise.all([
    duplicateIpv6(root),
    ownHardware(root),
    Promise.all(
      addresses
        .filter(({ address, linkLocal }) => !address.includes(":") && !linkLocal)
        .map((fact) => probe(fact, program)),
    ),
  ]);
  return [...failed, ...uses.map((each) => withoutOwn(each, own))];
}

/** Link-layer addresses of this machine's adapters. */
async function ownHardware(root: string): Promise<string[]> {
  const folder = join(root, "sys/class/net");
  const names = await readdir(folder).catch(() => []);
  const read = (name: string) => readFile(join(folder, name, "address"), "utf8").catch(() => "");
  const texts = await Promise.all(names.map(read));
  return texts.map((text) => text.trim().toLowerCase());
}

/** Linux answers for all of its addresses at each of its adapters, so at two on one link to itself. */
function withoutOwn({ address, use }: UseFact, own: readonly string[]): UseFact {
  const isOwn = use.by === "another" && use.hardware !== null && own.includes(use.hardware);
  return { address, use: isOwn ? { by: "us" } : use };
}

async function probe({ address, device }: AddressFact, program: string): Promise<UseFact> {
  const path = [process.env.PATH, ...FOLDERS].join(":");
  try {
    await run(program, ["-D", "-I", device, ...PROBES, address], {
      timeout: ENDS_WITHIN_MS,
      env: { PATH: path, LC_ALL: "C" },
    });
    return { address, use: { by: "us" } };
  } catch (error) {
    return { address, use: useOf(error as ExecError) };
  }
}

interface ExecError {
  readonly code?: number | string | null;
  readonly stdout?: string;
  readonly stderr?: string;
}

function useOf({ code, stdout = "", stderr = "" }: ExecError): UseFact["use"] {
  if (code === "ENOENT") return { by: "unknown", why: "not-installed" };
  if (/permitted|permission/i.test(stderr)) return { by: "unknown", why: "not-permitted" };
  const hardware = /\[([0-9A-Fa-f:]{17})\]/.exec(stdout)?.[1]?.toLowerCase();
  if (code === ANSWERED && hardware !== undefined) return { by: "another", hardware };
  return { by: "unknown", why: "failed" };
}

/** Lines of `/proc/net/if_inet6`: address, index, prefix, scope, flags, device. */
async function duplicateIpv6(root: string): Promise<UseFact[]> {
  const text = await readFile(join(root, "proc/net/if_inet6"), "utf8").catch(() => "");
  return text.split("\n").flatMap((line) => {
    const [digits = "", , , , flags = ""] = line.trim().split(/\s+/);
    if ((Number.parseInt(flags, 16) & DAD_FAILED) === 0) return [];
    const address = new URL(`http://[${digits.match(/.{4}/g)?.join(":")}]`).hostname.slice(1, -1);
    return { address, use: { by: "another", hardware: null } };
  });
}
