import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * The time servers that this system's NTP client is told of: systemd-timesyncd's, those that came by
 * DHCP, and chrony's. Its built-in ones on the internet are not among them.
 *
 * @param root where the system's files are
 */
export async function configuredTimeServers(root = "/"): Promise<string[]> {
  const timesyncd = [
    "etc/systemd/timesyncd.conf",
    ...(await within(root, "etc/systemd/timesyncd.conf.d", /\.conf$/)),
    ...(await within(root, "run/systemd/netif/links", /^\d+$/)),
  ];
  const chrony = [
    "etc/chrony/chrony.conf",
    ...(await within(root, "etc/chrony/sources.d", /\.sources$/)),
    ...(await within(root, "run/chrony-dhcp", /\.sources$/)),
  ];
  const read = (path: string) => readFile(join(root, path), "utf8").catch(() => "");
  const texts = await Promise.all([...timesyncd, ...chrony].map(read));
  const servers = texts.flatMap((text, index) =>
    text.split("\n").flatMap(index < timesyncd.length ? timesyncdServers : chronyServers),
  );
  return [...new Set(servers)];
}

async function within(root: string, folder: string, names: RegExp): Promise<string[]> {
  const found = await readdir(join(root, folder)).catch(() => []);
  return found.filter((name) => names.test(name)).map((name) => join(folder, name));
}

/** `NTP=` of timesyncd.conf(5) and of what networkd keeps of a lease. */
function timesyncdServers(line: string): string[] {
  const [, servers = ""] = /^\s*NTP=(.*)$/.exec(line) ?? [];
  return servers.split(/\s+/).filter((server) => server !== "");
}

/** `server NAME …` and `pool NAME …` of chrony.conf(5). */
function chronyServers(line: string): string[] {
  const [, server] = /^\s*(?:server|pool|peer)\s+(\S+)/.exec(line) ?? [];
  return server === undefined ? [] : [server];
}
