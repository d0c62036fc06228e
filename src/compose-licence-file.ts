import { readFile } from "node:fs/promises";
import { NodeTimers } from "./adapters/system/node-clock.ts";
import type { OpenBox } from "./compose-box.ts";
import type { Config } from "./config/schema.ts";
import { sha256 } from "./platform/ed25519.ts";
import { LicenceFile } from "./services/licence-file.ts";

/** What installs the licence that the configuration names. */
export function composeLicenceFile({ licence }: Config, box: OpenBox): LicenceFile {
  const { file: path, addVendor } = licence;
  return new LicenceFile({
    ...box,
    path,
    addVendor,
    sha256,
    timers: new NodeTimers(),
    read: () => readFile(path, "utf8"),
  });
}
