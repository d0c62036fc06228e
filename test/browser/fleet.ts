import { join } from "node:path";
import { runProgram } from "../support/box-process.ts";

/** Programs that run at a time. */
const AT_ONCE = 5;

export interface Fleet {
  readonly host: string;
  readonly product: string;
  /** File with the vendor's public key. */
  readonly vendorKey: string;
  /** Where each keeps its own state. */
  readonly folder: string;
}

/** Lets so many real clients ask for activation, each a machine of its own to the box. */
export async function letClientsAsk(fleet: Fleet, first: number, count: number): Promise<void> {
  const waiting = Array.from({ length: count }, (_, index) => first + index);
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      await runProgram("kms-client", [
        ...["activate", "--product", fleet.product, "--host", fleet.host, "--json"],
        ...["--vendor-key", fleet.vendorKey, "--state", join(fleet.folder, `client-${next}`)],
      ]);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
