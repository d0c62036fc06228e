import { ensurePackages } from "../../support/debian-packages.ts";

export { PATH, runTool } from "../../support/debian-packages.ts";

/** Programs and files that the suite needs, and the Debian packages that have them. */
const PACKAGES: Readonly<Record<string, string>> = {
  "qemu-system-x86_64": "qemu-system-x86",
  mmdebstrap: "mmdebstrap",
  mke2fs: "e2fsprogs",
  setpriv: "util-linux",
  "/usr/share/keyrings/debian-archive-keyring.gpg": "debian-archive-keyring",
};

/** Installs what is missing where that is allowed, or names it. */
export function ensureTools(): Promise<void> {
  return ensurePackages(PACKAGES);
}
