import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { promisify } from "node:util";

/** Where the system says in which domains to search; injected in tests. */
export interface DomainSource {
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly hostname: string;
  resolvConf(): Promise<string>;
  /** What `reg query` prints of the TCP/IP parameters; Windows only. */
  tcpipParameters(): Promise<string>;
}

const TCPIP_KEY = "HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters";

const HERE: DomainSource = {
  platform: process.platform,
  env: process.env,
  hostname: hostname(),
  resolvConf: () => readFile("/etc/resolv.conf", "utf8").catch(() => ""),
  tcpipParameters: () =>
    promisify(execFile)("reg", ["query", TCPIP_KEY], { timeout: 5000, windowsHide: true })
      .then(({ stdout }) => stdout)
      .catch(() => ""),
};

/** The domains that this machine searches names in, in order, without repetition. */
export async function searchDomains(source: DomainSource = HERE): Promise<string[]> {
  const configured =
    source.platform === "win32"
      ? windowsDomains(source.env, await source.tcpipParameters())
      : resolvConfDomains(await source.resolvConf());
  const ownDomain = source.hostname.split(".").slice(1).join(".");
  const domains = [...configured, ownDomain]
    .map((domain) => domain.trim().replace(/\.$/, "").toLowerCase())
    .filter((domain) => domain !== "");
  return [...new Set(domains)];
}

/** The domains of a resolv.conf(5): of several `search` and `domain` lines the last one counts. */
export function resolvConfDomains(text: string): string[] {
  let domains: string[] = [];
  for (const line of text.split("\n")) {
    const [keyword, ...values] = line.trim().split(/\s+/);
    if (keyword === "search") domains = values;
    if (keyword === "domain") domains = values.slice(0, 1);
  }
  return domains;
}

function windowsDomains(env: DomainSource["env"], registry: string): string[] {
  const value = (name: string) =>
    new RegExp(`^\\s*${name}\\s+REG_SZ\\s+(\\S.*)$`, "m").exec(registry)?.[1] ?? "";
  return [
    ...value("SearchList").split(","),
    value("Domain"),
    env.USERDNSDOMAIN ?? "",
    value("DhcpDomain"),
  ];
}
