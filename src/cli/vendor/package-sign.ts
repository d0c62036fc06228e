import { Command } from "commander";
import { SECOND_MS } from "../../domain/units.ts";
import { writeFileDurably } from "../../platform/durable-file.ts";
import { NodeEd25519Signer, parsePrivateJwk } from "../../platform/ed25519.ts";
import { makePackageSignature, type PackageClaims } from "../../protocol/package-signature.ts";
import { fileFault, readInput } from "../support/files.ts";
import { print } from "../support/lines.ts";
import { printJson } from "../support/output.ts";
import { digestOf, partsOfName } from "./package-file.ts";

interface Flags {
  readonly key: string;
  readonly out: string;
  readonly json?: boolean;
}

/** `kms-vendor package sign`: states by a signature what a package is. */
export function packageSignCommand(): Command {
  return new Command("sign")
    .description("sign a package, so that a box takes it from its administrator")
    .argument("<file>", "the package, named kms-box_VERSION_ARCH.deb")
    .requiredOption("--key <file>", "private key, as init makes it")
    .requiredOption("--out <file>", "where to write the signature")
    .option("--json", "answer as JSON")
    .addHelpText("after", HELP)
    .action(async (file: string, { key, out, json }: Flags) => {
      const parts = partsOfName(file);
      const signer = new NodeEd25519Signer(parsePrivateJwk(await readInput(key), key));
      const iat = Math.floor(Date.now() / SECOND_MS);
      const claims: PackageClaims = {
        sha256: await digestOf(file),
        package: "kms-box",
        ...parts,
        iat,
      };
      const { thumbprint } = signer;
      const signature = await makePackageSignature(claims, thumbprint, (data) => signer.sign(data));
      await writeFileDurably(out, `${signature}\n`, 0o644).catch((error: unknown) => {
        throw fileFault(`Cannot write ${out}`, error);
      });
      if (json) return printJson({ file: out, signature, thumbprint, claims });
      print(
        `Signature of kms-box ${claims.version} for ${claims.architecture} by ${thumbprint}: ${out}`,
        "Send it along with the package.",
      );
    });
}

const HELP = `
Any key that init makes will do; one that signs no licences is best, as another person may hold it.
A box takes the signature once root has put the public key at /etc/kms-box/upgrade.pub.jwk.

Examples:
  kms-vendor init --dir release-keys
  kms-vendor package sign kms-box_1.2.0_arm64.deb --key release-keys/vendor.jwk \\
      --out kms-box_1.2.0_arm64.deb.jws`;
