import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTool } from "../hil/guest/host-tools.ts";

const PROGRAM = join(import.meta.dirname, "../../dist/cli/kms-vendor.js");

/** A vendor with a machine of its own, which is this one. */
export class Vendor {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async create(): Promise<Vendor> {
    const folder = await mkdtemp(join(tmpdir(), "kms-vendor-"));
    await runVendor(["init", "--dir", join(folder, "vendor"), "--name", "Example Software"]);
    return new Vendor(folder);
  }

  /** What a client pins. */
  publicKey(): Promise<string> {
    return readFile(join(this.#folder, "vendor", "vendor.pub.jwk"), "utf8");
  }

  /**
   * @param hostKey what `kms-box licence request` prints
   * @returns a licence for the product `editor` with the threshold of 25
   */
  async licenceFor(hostKey: string): Promise<string> {
    const request = join(this.#folder, "host.jwk");
    const licence = join(this.#folder, "licence.jwt");
    await writeFile(request, hostKey);
    const product = "id=editor,name=Example Editor,application=desktop,threshold=25";
    await runVendor(
      ["licence", "issue", "--dir", join(this.#folder, "vendor"), "--host-key", request].concat([
        "--days",
        "365",
        "--product",
        product,
        "--out",
        licence,
      ]),
    );
    const text = await readFile(licence, "utf8");
    await rm(licence);
    return text;
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function runVendor(args: readonly string[]): Promise<void> {
  await runTool(process.execPath, [PROGRAM, ...args]);
}
