import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyDisk, makeFilesDisk } from "../hil/guest/disks.ts";
import { ensureApplianceImage, type Image } from "../hil/guest/image.ts";
import { Guest } from "../hil/guest.ts";
import { Panel } from "../hil/panel.ts";

const LOGS = join(import.meta.dirname, "../../build/appliance");
/** A big package is unpacked by an emulated processor. */
const INSTALL_LIMIT_MS = 10 * 60_000;

export interface BootOptions {
  /** What the battery clock says, UTC, such as 2040-01-01T00:00:00; the time if not set. */
  readonly clock?: string;
}

/** A computer with a fresh Debian on its only disk, and a stick with files to install from. */
export class Computer {
  readonly #name: string;
  readonly #folder: string;
  readonly #image: Image;
  readonly #rootDisk: string;
  readonly #stick: string;
  #guest: Guest | undefined;
  #panel: Panel | undefined;
  #boots = 0;

  private constructor(name: string, folder: string, image: Image, disks: Disks) {
    this.#name = name;
    this.#folder = folder;
    this.#image = image;
    this.#rootDisk = disks.root;
    this.#stick = disks.stick;
  }

  /**
   * @param name names the logs
   * @param files to be found at `/srv/code`
   */
  static async create(name: string, files: readonly string[]): Promise<Computer> {
    const image = await ensureApplianceImage();
    const folder = await mkdtemp(join(tmpdir(), "kms-appliance-"));
    const root = await copyDisk(image.root, join(folder, "root.ext4"));
    return new Computer(name, folder, image, { root, stick: await makeFilesDisk(folder, files) });
  }

  get guest(): Guest {
    if (this.#guest) return this.#guest;
    throw new Error("The computer is not on.");
  }

  get panel(): Panel {
    if (this.#panel) return this.#panel;
    throw new Error("The computer is not on.");
  }

  /** Switches it on; what was on its disk is still there. */
  async boot(options: BootOptions = {}): Promise<void> {
    this.#boots++;
    this.#guest = await Guest.boot({
      ...options,
      image: this.#image,
      rootDisk: this.#rootDisk,
      codeDisk: this.#stick,
      folder: this.#folder,
      logs: LOGS,
      label: `${this.#name}-${this.#boots}`,
    });
    this.#panel = await Panel.watch(this.#guest);
  }

  async cutPower(): Promise<void> {
    await this.#guest?.kill();
    this.#guest = undefined;
    this.#panel = undefined;
  }

  /** Switches it off as one should. */
  async shutdown(): Promise<void> {
    await this.#guest?.shutdown();
    this.#guest = undefined;
    this.#panel = undefined;
  }

  /** Installs a package from the stick as an administrator does. */
  async install(file: string): Promise<string> {
    const options = "--quiet --yes -o Dpkg::Use-Pty=0";
    return this.guest.run(
      `DEBIAN_FRONTEND=noninteractive apt-get install ${options} --allow-downgrades /srv/code/${file} 2>&1`,
      { timeoutMs: INSTALL_LIMIT_MS },
    );
  }

  /** Writes down what a failed test can be understood from, and says where. */
  async keepEvidence(): Promise<void> {
    if (!this.#guest) return;
    const file = join(LOGS, `${this.#name}-${this.#boots}.evidence.log`);
    const journal = await this.#guest
      .attempt("systemctl --failed; systemctl status kms-box --no-pager; journalctl --no-pager -b")
      .then(({ stdout }) => stdout, String);
    await mkdir(LOGS, { recursive: true });
    await writeFile(file, `${this.#panel?.drawing() ?? ""}\n\n${journal}`);
    console.log(`    see ${file} and ${this.#guest.serialLog}`);
  }

  async dispose(): Promise<void> {
    await this.cutPower();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

interface Disks {
  readonly root: string;
  readonly stick: string;
}
