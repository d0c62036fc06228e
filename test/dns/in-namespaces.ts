import { BIND_PACKAGES } from "../support/bind.ts";
import { ensurePackages } from "../support/debian-packages.ts";
import { MIT_PACKAGES } from "../support/mit-realm.ts";
import { runInNamespaces } from "../support/namespace.ts";
import { SAMBA_PACKAGES } from "../support/samba-dc.ts";

/**
 * Runs a program, such as mocha, in namespaces of its own, where it may be an office:
 * `tsx test/dns/in-namespaces.ts PROGRAM ARGUMENTS`. What that needs is installed first.
 */
const command = process.argv.slice(2);
if (process.getuid?.() !== 0) throw new Error("Namespaces are made by root only: run as root.");
await ensurePackages({
  ip: "iproute2",
  unshare: "util-linux",
  ...SAMBA_PACKAGES,
  ...MIT_PACKAGES,
  ...BIND_PACKAGES,
});
process.exitCode = await runInNamespaces(command);
