import type { Guest } from "../hil/guest.ts";

/** On a machine with other work too. */
const STARTS_WITHIN_MS = 4 * 60_000;

/** When the box was up, in milliseconds since its kernel began. */
export interface BootTimes {
  /** The kernel hands over to the service manager. */
  readonly userspaceMs: number;
  /** The box's service is started. */
  readonly startedMs: number;
  /** It serves, and has said so. */
  readonly readyMs: number;
}

/** Waits until the service is up, and tells when it was. */
export async function bootTimes(guest: Guest): Promise<BootTimes> {
  const waiting = "until systemctl is-active --quiet kms-box; do sleep 0.5; done";
  await guest.run(waiting, { timeoutMs: STARTS_WITHIN_MS });
  const show = (property: string, unit = "") =>
    guest.run(`systemctl show --value --property=${property} ${unit}`);
  const unit = "kms-box.service";
  return {
    userspaceMs: Number(await show("UserspaceTimestampMonotonic")) / 1000,
    startedMs: Number(await show("InactiveExitTimestampMonotonic", unit)) / 1000,
    readyMs: Number(await show("ActiveEnterTimestampMonotonic", unit)) / 1000,
  };
}

/** Where the time goes, as lines for a person. */
export async function bootReport(guest: Guest, times: BootTimes): Promise<string> {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  const chain = await guest.run("systemd-analyze critical-chain --no-pager kms-box.service");
  return [
    `kernel ${seconds(times.userspaceMs)}`,
    `system ${seconds(times.startedMs - times.userspaceMs)}`,
    `box ${seconds(times.readyMs - times.startedMs)}`,
    `in all ${seconds(times.readyMs)}\n${chain}`,
  ].join(", ");
}
