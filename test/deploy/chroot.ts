import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Architecture } from "../../deploy/packaging/architectures.ts";
import { ensurePackages, runTool } from "../support/debian-packages.ts";

const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "kms-box-package");

/** What the package depends on, and what looks at it. */
const INCLUDED = "nodejs,systemd,init-system-helpers,passwd,bash-completion,man-db,udev,util-linux";
const MIRROR = "deb http://deb.debian.org/debian trixie main";

const BINFMT = "/proc/sys/fs/binfmt_misc";
const EMULATORS: Partial<Record<Architecture, string>> = {
  arm64: "qemu-aarch64",
  armhf: "qemu-arm",
};

/** Nothing of this machine's own. */
const ENVIRONMENT = ["env", "-i", "LC_ALL=C.UTF-8", "PATH=/usr/sbin:/usr/bin:/sbin:/bin"];

/** A Debian 13 of its own with stock Node, in a folder, of which nothing is running. */
export class DebianTree {
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  /** A new one each time; the archive that it is unpacked from is made once and kept. */
  static async create(architecture: Architecture): Promise<DebianTree> {
    const archive = await ensureArchive(architecture);
    const root = await mkdtemp(join(tmpdir(), `kms-box-debian-${architecture}-`));
    await runTool("tar", ["-xf", archive, "-C", root]);
    return new DebianTree(root);
  }

  /**
   * Runs a script in it, with processes and a network of its own, which end with the script.
   *
   * @returns what it wrote to standard output
   */
  sh(script: string): Promise<string> {
    const inside = `mount -t proc proc /proc\n${script}`;
    const spaces = ["--mount", "--pid", "--net", "--uts", "--fork", "--kill-child"];
    return runTool("unshare", [
      ...spaces,
      ...ENVIRONMENT,
      "chroot",
      this.root,
      "/bin/bash",
      "-euc",
      inside,
    ]);
  }

  /** Installs a package file as an administrator does. */
  async install(file: string): Promise<void> {
    await copyFile(file, join(this.root, "tmp", basename(file)));
    const options = "-q -y --no-install-recommends --allow-downgrades";
    await this.sh(
      `DEBIAN_FRONTEND=noninteractive apt-get ${options} install /tmp/${basename(file)} < /dev/null`,
    );
    await rm(join(this.root, "tmp", basename(file)));
  }

  async write(path: string, text: string): Promise<void> {
    await writeFile(join(this.root, path), text);
  }

  async remove(): Promise<void> {
    // What was killed in it may take a moment to go.
    await rm(this.root, { recursive: true, force: true, maxRetries: 10, retryDelay: 500 });
  }
}

async function ensureArchive(architecture: Architecture): Promise<string> {
  await ensureEmulator(architecture);
  const hash = createHash("sha256").update(INCLUDED).update(MIRROR).digest("hex").slice(0, 16);
  const archive = join(CACHE, `debian-${hash}-${architecture}.tar`);
  if (existsSync(archive)) return archive;
  console.log(`    making a Debian 13 of ${architecture}; it is kept for the next run`);
  await mkdir(CACHE, { recursive: true });
  const made = join(CACHE, `.making-${process.pid}-${architecture}.tar`);
  const options = ["--quiet", "--variant=apt", `--architectures=${architecture}`];
  try {
    await runTool("mmdebstrap", [...options, `--include=${INCLUDED}`, "trixie", made, MIRROR]);
    await rename(made, archive);
  } finally {
    await rm(made, { force: true });
  }
  return archive;
}

/** Lets the kernel start programs of another processor, as systemd-binfmt does at boot. */
async function ensureEmulator(architecture: Architecture): Promise<void> {
  const emulator = EMULATORS[architecture];
  if (emulator === undefined) return;
  const rules = `/usr/lib/binfmt.d/${emulator}.conf`;
  await ensurePackages({ [rules]: "qemu-user-static", "arch-test": "arch-test" });
  if (!existsSync(join(BINFMT, "register"))) {
    await runTool("mount", ["-t", "binfmt_misc", "binfmt_misc", BINFMT]);
  }
  if (!existsSync(join(BINFMT, emulator))) {
    await writeFile(join(BINFMT, "register"), await readFile(rules));
  }
}
