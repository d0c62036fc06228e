import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Box } from "./box.ts";
import { Computer } from "./computer.ts";
import { buildPackage } from "./packages.ts";
import { Vendor } from "./vendor.ts";

const MINUTE_MS = 60_000;
/** The first of a day makes the image too. */
const SET_UP_LIMIT_MS = 25 * MINUTE_MS;

/** What stands on the bench while the tests of one `describe` run. */
export class Bench {
  #folder = "";
  #computer: Computer | undefined;
  #vendor: Vendor | undefined;

  get computer(): Computer {
    if (this.#computer) return this.#computer;
    throw new Error("The bench is not set up.");
  }

  get vendor(): Vendor {
    if (this.#vendor) return this.#vendor;
    throw new Error("The bench is not set up.");
  }

  /**
   * @param name names the logs
   * @param packages to put on the stick, each by its further options of `npm run package`
   */
  async setUp(name: string, packages: readonly (readonly string[])[]): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), "kms-package-"));
    this.#vendor = await Vendor.create();
    const files: string[] = [];
    for (const options of packages) {
      files.push(await buildPackage(join(this.#folder, String(files.length)), ...options));
    }
    this.#computer = await Computer.create(name, files);
    await this.#computer.boot();
  }

  async clear(): Promise<void> {
    await this.#computer?.dispose();
    await this.#vendor?.remove();
    if (this.#folder !== "") await rm(this.#folder, { recursive: true, force: true });
  }

  /** Installs the package, or one of them, and has the vendor's licence installed. */
  async installBox(file = "*.deb"): Promise<Box> {
    await this.computer.install(file);
    const box = new Box(this.computer.guest);
    await box.answers();
    await box.license(this.vendor);
    return box;
  }

  /** Lays a file over the installed box's configuration, for good. */
  async configure(name: string, values: object): Promise<void> {
    await this.computer.guest.run("mkdir -p /etc/kms-box/config.d");
    await this.computer.guest.write(`/etc/kms-box/config.d/${name}`, JSON.stringify(values));
    await this.computer.guest.run("sync");
  }
}

/**
 * A fresh Debian that is switched on, with the package on a stick: for the `describe` that calls it.
 *
 * @param packages others than the one of now, each by its further options of `npm run package`
 */
export function setBench(name: string, packages: readonly (readonly string[])[] = [[]]): Bench {
  const bench = new Bench();
  before(async function () {
    this.timeout(SET_UP_LIMIT_MS);
    await bench.setUp(name, packages);
  });
  afterEach(async function () {
    if (this.currentTest?.isFailed()) await bench.computer.keepEvidence();
  });
  after(() => bench.clear());
  return bench;
}
