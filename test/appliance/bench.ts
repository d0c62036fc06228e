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

  /** @param name names the logs */
  async setUp(name: string): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), "kms-package-"));
    this.#vendor = await Vendor.create();
    this.#computer = await Computer.create(name, [await buildPackage(this.#folder)]);
    await this.#computer.boot();
  }

  async clear(): Promise<void> {
    await this.#computer?.dispose();
    await this.#vendor?.remove();
    if (this.#folder !== "") await rm(this.#folder, { recursive: true, force: true });
  }

  /** Installs the package, and has the vendor's licence installed. */
  async installBox(): Promise<Box> {
    await this.computer.install("*.deb");
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

/** A fresh Debian that is switched on, with the package on a stick: for the `describe` that calls it. */
export function setBench(name: string): Bench {
  const bench = new Bench();
  before(async function () {
    this.timeout(SET_UP_LIMIT_MS);
    await bench.setUp(name);
  });
  afterEach(async function () {
    if (this.currentTest?.isFailed()) await bench.computer.keepEvidence();
  });
  after(() => bench.clear());
  return bench;
}
