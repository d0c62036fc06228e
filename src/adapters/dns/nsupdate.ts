import type { DnsAccess } from "../../ports/dns.ts";
import { runTool } from "./run-tool.ts";
import type { TicketSource } from "./ticket-source.ts";
import { checkTsigKeyFile } from "./tsig-key-file.ts";
import { type UpdateOutcome, updateOutcome } from "./update-outcome.ts";
import { type Update, updateScript } from "./update-script.ts";

/** `-t` for all of an update, `-u` for each of its tries by UDP, in seconds, and two tries. */
const PATIENCE = ["-t", "8", "-u", "3", "-r", "1"];

/**
 * Sends one update, signed as the access says: with TSIG, with GSS-TSIG, or not at all. The script
 * goes by standard input and the key by its file, so that the list of processes shows neither.
 *
 * @throws {DnsFailedError} it could not even be sent
 */
export async function nsupdate(
  update: Update,
  { tsigKeyFile, keytab, principal }: DnsAccess,
  tickets: TicketSource,
  signal?: AbortSignal,
): Promise<UpdateOutcome> {
  const server = `${update.server.address}#${update.server.port}`;
  const input = updateScript(update);
  if (tsigKeyFile !== undefined) {
    await checkTsigKeyFile(tsigKeyFile);
    const args = [...PATIENCE, "-k", tsigKeyFile];
    return updateOutcome(await runTool("nsupdate", args, { input, signal, server }));
  }
  if (keytab === undefined) {
    return updateOutcome(await runTool("nsupdate", PATIENCE, { input, signal, server }));
  }
  const env = { KRB5CCNAME: await tickets.cacheFor(keytab, principal, signal) };
  const outcome = updateOutcome(
    await runTool("nsupdate", [...PATIENCE, "-g"], { input, env, signal, server }),
  );
  if (outcome.kind === "failed" && !outcome.mayBeDone) tickets.discard(keytab, principal);
  return outcome;
}
