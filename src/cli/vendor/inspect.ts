import { Command } from "commander";
import { type InstalledLicence, licenceValidity } from "../../domain/licence.ts";
import { NodeEd25519Verifier, sha256 } from "../../platform/ed25519.ts";
import { readInput } from "../support/files.ts";
import { licenceLines, type ShownLicence } from "../support/licence-lines.ts";
import { print } from "../support/lines.ts";
import { printJson } from "../support/output.ts";

/** `kms-vendor licence inspect`: verifies a licence and tells what it says. */
export function inspectCommand(): Command {
  return new Command("inspect")
    .description("verify a licence's signature and print what it says")
    .argument("<file>", "the licence; - is standard input")
    .option("--json", "answer as JSON")
    .addHelpText("after", HELP)
    .action(async (file: string, { json }: { json?: boolean }) => {
      const { openLicence } = await import("../../protocol/licence.ts");
      const verifier = new NodeEd25519Verifier();
      const licence = await openLicence((await readInput(file)).trim(), {
        sha256,
        verify: (key, data, signature) => verifier.verify(key, data, signature),
      });
      tell(licence, json ?? false);
    });
}

const HELP = `
The signature is checked with the vendor key that the licence carries: compare its thumbprint with
the one that the vendor published.

Exit status: 0 whole, also if it has expired; 1 damaged or not readable.

Examples:
  kms-vendor licence inspect acme.licence
  cat acme.licence | kms-vendor licence inspect - --json`;

function tell({ claims, vendorThumbprint }: InstalledLicence, json: boolean): void {
  const nowMs = Date.now();
  const validity = licenceValidity(claims, nowMs);
  if (json) {
    printJson({ signature: "valid", validity, vendorThumbprint, claims });
    return;
  }
  const shown: ShownLicence = {
    vendor: claims.iss,
    vendorThumbprint,
    validity,
    validFrom: claims.nbf,
    expires: claims.exp,
    products: claims.products,
  };
  print(
    ...licenceLines(shown, nowMs, [
      ["Signature", "valid"],
      ["Host key", claims.sub],
    ]),
  );
}
