import { formatHostAddress } from "../../client/host-address.ts";
import type { Transport } from "../../client/transport.ts";
import { Waiting } from "../support/waiting.ts";

/**
 * Does what needs a host, and tells somebody at a terminal whom it waits for once it takes longer
 * than 2 s.
 *
 * @param work is given the transport to ask hosts with
 */
export async function whileTelling<T>(
  transport: Transport,
  work: (transport: Transport) => Promise<T>,
): Promise<T> {
  const waiting = new Waiting("a KMS host in the network", "Waiting for");
  const asked = new Set<string>();
  try {
    return await work(async (address, question) => {
      const place = `the answer of ${formatHostAddress(address)}`;
      waiting.progress([...asked.add(place)]);
      try {
        return await transport(address, question);
      } finally {
        asked.delete(place);
        if (asked.size > 0) waiting.progress([...asked]);
      }
    });
  } finally {
    waiting.end();
  }
}
