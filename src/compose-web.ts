import { BlockList } from "node:net";
import type { OpenBox } from "./compose-box.ts";
import { parseCidr } from "./config/config.ts";
import type { Config } from "./config/schema.ts";
import { SECOND_MS } from "./domain/units.ts";
import type { Clock } from "./ports/clock.ts";
import type { EventLog } from "./ports/events.ts";
import { DEMO_VENDOR_NAME } from "./services/demonstration.ts";
import type { HostReport } from "./services/host-report.ts";
import type { RunRecord } from "./services/run-record.ts";
import type { UpgradeNews } from "./services/upgrade-news.ts";
import { VERSION } from "./version.ts";
import type { PublicServer } from "./web/public-server.ts";
import type { SocketServer } from "./web/socket-server.ts";

/** Addresses whose exemption from the limits is remembered. */
const KEPT_EXEMPTIONS = 4096;

/** A machine without IPv6 has no `::` to listen on; then every IPv4 address must do. */
export async function listen(server: PublicServer, { bind, port }: Config) {
  try {
    return await server.start(bind, port);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (bind !== "::" || (code !== "EAFNOSUPPORT" && code !== "EADDRNOTAVAIL")) throw error;
    return await server.start("0.0.0.0", port);
  }
}

/** On a disk that cannot be written there is no socket, but clients are answered all the same. */
export async function startAdmin(
  admin: SocketServer,
  path: string,
  events: EventLog,
): Promise<void> {
  try {
    await admin.start(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EROFS" && code !== "ENOSPC") throw error;
    events.record(
      "storage-failed",
      `${path} cannot be made (${code}): commands cannot reach this box before its next start.`,
      { code, file: path },
    );
  }
}

/** Whether an address is in an exempt network; the newest answers are kept, as looking up is slow. */
export function exemption({ rateLimit }: Config): (address: string) => boolean {
  if (rateLimit.exempt.length === 0) return () => false;
  const networks = new BlockList();
  for (const text of rateLimit.exempt) {
    const cidr = parseCidr(text);
    if (cidr) networks.addSubnet(cidr.address, cidr.prefix, cidr.family);
  }
  const kept = new Map<string, boolean>();
  return (address) => {
    const known = kept.get(address);
    if (known !== undefined) return known;
    const exempt = networks.check(address, address.includes(":") ? "ipv6" : "ipv4");
    if (kept.size >= KEPT_EXEMPTIONS) kept.clear();
    kept.set(address, exempt);
    return exempt;
  };
}

/** What `kms-box status` shows. */
export function statusOf(
  box: OpenBox,
  report: HostReport,
  { run, upgrade }: { readonly run: RunRecord; readonly upgrade: UpgradeNews },
  clock: Clock,
  address: string,
) {
  const startedMs = clock.monotonicMs();
  const startedAt = Math.floor(clock.nowMs() / SECOND_MS);
  return () => {
    const time = box.clock.read();
    return {
      version: VERSION,
      host: box.signer.thumbprint,
      startedAt,
      uptimeSeconds: Math.floor((clock.monotonicMs() - startedMs) / SECOND_MS),
      lastStart: run.lastStart,
      failedUpgrade: upgrade.failure,
      time: Math.floor(time.nowMs / SECOND_MS),
      clock: { trusted: time.trusted, detail: time.trusted ? time.source : time.reason },
      address,
      demonstration: box.licences.book.licences.some(
        ({ claims }) => claims.iss === DEMO_VENDOR_NAME,
      ),
      clients: box.store.ledger.clients,
      products: report.host().products,
      health: report.health(),
    };
  };
}
