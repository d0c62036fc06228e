import type { Architecture } from "./architectures.ts";

/** What differs from package to package. */
export interface ControlFacts {
  readonly version: string;
  readonly architecture: Architecture;
  readonly installedKiB: number;
}

const DEPENDS = [
  "nodejs (>= 20.19)",
  "systemd | systemd-standalone-sysusers",
  "systemd | systemd-standalone-tmpfiles",
  "init-system-helpers (>= 1.62)",
  "passwd",
  "libc6 (>= 2.34)",
  "libstdc++6 (>= 5)",
];

/** Of use on a box, and absent without harm: the doctor names what is missing. */
const RECOMMENDS = [
  "bind9-dnsutils",
  "iputils-arping",
  "polkitd",
  "systemd-timesyncd | time-daemon",
  "udev",
];

/**
 * Not recommended: on a machine with another manager of its network a second one would do harm, and
 * Kerberos, which only Active Directory needs, asks questions when it is installed.
 */
const SUGGESTS = ["bash-completion", "krb5-user", "network-manager", "raspi-utils"];

/** The package's own description of itself, as Debian reads it. */
export function controlFile({ version, architecture, installedKiB }: ControlFacts): string {
  return `Package: kms-box
Version: ${version}
Architecture: ${architecture}
Maintainer: KMS Box maintainers <kms-box@packages.invalid>
Installed-Size: ${installedKiB}
Depends: ${DEPENDS.join(", ")}
Recommends: ${RECOMMENDS.join(", ")}
Suggests: ${SUGGESTS.join(", ")}
Section: net
Priority: optional
Description: volume activation on an office network by the KMS process
 An appliance for a Raspberry Pi: it counts the machines that ask for
 activation, activates them for 180 days once enough have asked, and lets
 those that stop asking lapse. It needs no internet.
 .
 It activates an organisation's own software, or that of a vendor who
 delegated to it by a signed licence. It cannot activate Windows or Office.
 .
 The package has the host (kms-box), which it starts, the client
 (kms-client) and the vendor's tool (kms-vendor).
`;
}

/** Debian's changelog: one entry, of the newest section of the project's own. */
export function debianChangelog(changelog: string, version: string, epochSeconds: number): string {
  const section = changelog.split(/^## /m)[1] ?? "";
  const changes = section
    .split(/^- /m)
    .slice(1)
    .map((text) =>
      text
        .replaceAll(/[*`]|^#+ .*$/gm, "")
        .replaceAll(/\s+/g, " ")
        .trim(),
    );
  const date = new Date(epochSeconds * 1000).toUTCString().replace("GMT", "+0000");
  return `kms-box (${version}) stable; urgency=medium

${changes.map((change) => wrapped(change).join("\n")).join("\n")}

 -- KMS Box maintainers <kms-box@packages.invalid>  ${date}
`;
}

const WIDTH = 78;

function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = "  *";
  for (const word of text.split(" ")) {
    if (line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = "   ";
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}
