import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkDisk, makeCodeDisk, makeDataDisk } from "./guest/disks.ts";
import { ensureImage, type Image } from "./guest/image.ts";
import { Guest } from "./guest.ts";
import { Panel } from "./panel.ts";

const LOGS = join(import.meta.dirname, "../../build/hil");

/** A box on the bench: its hardware, its program and its data, and the guest that it runs in. */
export class Rig {
  readonly #name: string;
  readonly #folder: string;
  readonly #image: Image;
  readonly #codeDisk: string;
  #dataDisk: string;
  #guest: Guest | undefined;
  #panel: Panel | undefined;
  #boots = 0;

  private constructor(name: string, folder: string, image: Image, disks: Disks) {
    this.#name = name;
    this.#folder = folder;
    this.#image = image;
    this.#codeDisk = disks.code;
    this.#dataDisk = disks.data;
  }

  /**
   * @param name names the logs
   * @param environment settings for the box
   */
  static async create(name: string, environment: Readonly<Record<string, string>> = {}) {
    const image = await ensureImage();
    const folder = await mkdtemp(join(tmpdir(), "kms-hil-"));
    const code = await makeCodeDisk(folder, environment);
    return new Rig(name, folder, image, { code, data: await makeDataDisk(folder) });
  }

  get guest(): Guest {
    if (this.#guest) return this.#guest;
    throw new Error("The guest is not on.");
  }

  get panel(): Panel {
    if (this.#panel) return this.#panel;
    throw new Error("The guest is not on.");
  }

  /** Switches on; what was on the data disk is still there. */
  async boot({ box = true } = {}): Promise<void> {
    this.#boots++;
    this.#guest = await Guest.boot({
      image: this.#image,
      codeDisk: this.#codeDisk,
      dataDisk: this.#dataDisk,
      folder: this.#folder,
      logs: LOGS,
      label: `${this.#name}-${this.#boots}`,
      withoutUnits: box ? [] : ["kms-box.service"],
    });
    this.#panel = await Panel.watch(this.#guest);
  }

  async cutPower(): Promise<void> {
    await this.#guest?.kill();
    this.#guest = undefined;
    this.#panel = undefined;
  }

  /** Whether the data disk has come through a power cut: its journal may have work left, no more. */
  async checkDataDisk(): Promise<void> {
    await checkDisk(this.#dataDisk);
  }

  async newDataDisk(): Promise<void> {
    this.#dataDisk = await makeDataDisk(this.#folder, `data-${this.#boots}`);
  }

  /** Writes down what a failed test can be understood from, and says where. */
  async keepEvidence(): Promise<void> {
    if (!this.#guest) return;
    const { guest, panel } = this;
    const file = join(LOGS, `${this.#name}-${this.#boots}.evidence.log`);
    const journal = await guest
      .attempt("journalctl --no-pager -o short-monotonic -u kms-box; dmesg | tail -20")
      .then(({ stdout }) => stdout, String);
    await mkdir(LOGS, { recursive: true });
    await writeFile(file, `${panel.text()}\n${panel.drawing()}\n\n${journal}`);
    console.log(`    see ${file} and ${guest.serialLog}`);
  }

  async dispose(): Promise<void> {
    await this.cutPower();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

interface Disks {
  readonly code: string;
  readonly data: string;
}
