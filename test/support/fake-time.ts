import { existsSync, readdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SECOND_MS } from "../../src/domain/units.ts";
import { ensurePackages } from "./debian-packages.ts";

const LIBRARIES = "/usr/lib";
/** For programs with several threads, as Node is. */
const LIBRARY = "faketime/libfaketimeMT.so.1";

/** Debian keeps it below a folder that is named after the machine's kind. */
function findLibrary(): string | undefined {
  return readdirSync(LIBRARIES)
    .map((folder) => join(LIBRARIES, folder, LIBRARY))
    .find((path) => existsSync(path));
}

/**
 * A wall clock for processes, which can be set while they run, by libfaketime; the monotonic clock and
 * the times of files stay those of the machine.
 */
export class FakeTime {
  /** For the processes that are to have this clock. */
  readonly env: Record<string, string>;
  readonly #file: string;

  private constructor(library: string, file: string) {
    this.#file = file;
    this.env = {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
      NO_FAKE_STAT: "1",
    };
  }

  /** @param folder where the file stands that holds the clock's error */
  static async create(folder: string): Promise<FakeTime> {
    if (findLibrary() === undefined) await ensurePackages({ libfaketime: "libfaketime" });
    const library = findLibrary();
    if (library === undefined) throw new Error(`${LIBRARY} is not below ${LIBRARIES}`);
    const time = new FakeTime(library, join(folder, "clock-error"));
    await time.setRight();
    return time;
  }

  /** Lets it be ahead of the machine's clock by so much, or behind. */
  async beAhead(ms: number): Promise<void> {
    const seconds = Math.round(ms / SECOND_MS);
    await writeFile(this.#file, `${seconds < 0 ? "" : "+"}${seconds}\n`);
  }

  async setTo(timeMs: number): Promise<void> {
    await this.beAhead(timeMs - Date.now());
  }

  async setRight(): Promise<void> {
    await this.beAhead(0);
  }
}
