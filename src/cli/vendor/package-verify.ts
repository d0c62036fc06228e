import { Command } from "commander";
import { SECOND_MS } from "../../domain/units.ts";
import { NodeEd25519Verifier, parsePublicJwk, sha256 } from "../../platform/ed25519.ts";
import { openPackageSignature, requireDigest } from "../../protocol/package-signature.ts";
import { formatTime } from "../support/dates.ts";
import { readInput } from "../support/files.ts";
import { print } from "../support/lines.ts";
import { printJson } from "../support/output.ts";
import { fieldLines } from "../support/table.ts";
import { digestOf } from "./package-file.ts";

interface Flags {
  readonly signature: string;
  readonly key: string;
  readonly json?: boolean;
}

/** `kms-vendor package verify`: whether a package is the one that the holder of a key signed. */
export function packageVerifyCommand(): Command {
  return new Command("verify")
    .description("verify a package by its signature and a public key")
    .argument("<file>", "the package")
    .requiredOption("--signature <file>", "its signature")
    .requiredOption("--key <file>", "public key that is trusted")
    .option("--json", "answer as JSON")
    .addHelpText("after", HELP)
    .action(async (file: string, { signature, key, json }: Flags) => {
      const publicJwk = parsePublicJwk(await readInput(key), key);
      const verifier = new NodeEd25519Verifier();
      const claims = await openPackageSignature((await readInput(signature)).trim(), publicJwk, {
        sha256,
        verify: (by, data, bytes) => verifier.verify(by, data, bytes),
      });
      requireDigest(claims, await digestOf(file));
      if (json) return printJson({ signature: "valid", claims });
      print(
        ...fieldLines([
          ["Signature", "valid"],
          ["Package", claims.package],
          ["Version", claims.version],
          ["Architecture", claims.architecture],
          ["Signed", formatTime(claims.iat * SECOND_MS)],
        ]),
      );
    });
}

const HELP = `
The file's name does not matter: version and architecture are those that were signed.

Exit status: 0 it is that package, 1 it is not, or cannot be read, 2 wrong usage.

Examples:
  kms-vendor package verify kms-box_1.2.0_arm64.deb --signature kms-box_1.2.0_arm64.deb.jws \\
      --key /etc/kms-box/upgrade.pub.jwk`;
