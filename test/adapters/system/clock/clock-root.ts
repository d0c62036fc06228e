import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ProgramAnswer, RunProgram } from "../../../../src/adapters/system/run-program.ts";
import { SECOND_MS } from "../../../../src/domain/units.ts";

/** A folder that stands for a machine's file system, and the programs on it. */
export class ClockRoot {
  readonly path = mkdtempSync(join(tmpdir(), "kms-box-clock-"));
  /** Command lines that were run, without the folder. */
  readonly ran: string[] = [];
  readonly #answers = new Map<string, Partial<ProgramAnswer>>();

  write(path: string, text = ""): void {
    mkdirSync(dirname(join(this.path, path)), { recursive: true });
    writeFileSync(join(this.path, path), text);
  }

  remove(path: string): void {
    rmSync(join(this.path, path), { recursive: true, force: true });
  }

  board(): void {
    this.write("proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.4\0");
  }

  /** systemd-timesyncd heard a server so long ago. */
  synced(agoMs: number): void {
    const stamp = "run/systemd/timesync/synchronized";
    this.write(stamp);
    const at = (Date.now() - agoMs) / SECOND_MS;
    utimesSync(join(this.path, stamp), at, at);
  }

  batteryClock(hctosys: string, offMs = 0, name = "rtc0"): void {
    this.write(`sys/class/rtc/${name}/hctosys`, `${hctosys}\n`);
    const seconds = Math.floor((Date.now() + offMs) / SECOND_MS);
    this.write(`sys/class/rtc/${name}/since_epoch`, `${seconds}\n`);
  }

  /** Installs a program that answers so. */
  install(program: "chronyc" | "timedatectl", stdout: string, status: number | null = 0): void {
    this.write(`usr/bin/${program}`);
    this.#answers.set(join(this.path, "usr/bin", program), { stdout, status });
  }

  readonly run: RunProgram = async (program, args) => {
    this.ran.push([program.slice(this.path.length), ...args].join(" "));
    return { status: null, stdout: "", stderr: "", ...this.#answers.get(program) };
  };

  clear(): void {
    rmSync(this.path, { recursive: true });
  }
}

/** A line of `chronyc -c tracking`, as chrony 4 writes it; tracked so long ago. */
export function trackingLine(
  leap: string,
  { agoMs = 40_000, reference = "C0000235" } = {},
): string {
  const at = ((Date.now() - agoMs) / SECOND_MS).toFixed(9);
  return (
    `${reference},192.0.2.53,2,${at},0.000012,-0.000004,0.000021,-8.6,0.001,0.02,` +
    `0.004,0.0002,64.7,${leap}\n`
  );
}
