import type { HostAddress } from "../../../client/host-address.ts";
import { KmsError } from "../../../domain/errors.ts";
import { SECOND_MS } from "../../../domain/units.ts";
import { DEMO_PRODUCT } from "../../../services/demonstration.ts";
import type { Status } from "../../../web/api/schemas.ts";
import type { AdminClient } from "../admin-client.ts";
import { hasManyAddresses, reachable } from "./source-address.ts";

type ProductView = Status["products"][number];

/** What a demonstration needs to know of the box. */
export interface Stage {
  readonly product: ProductView;
  readonly host: HostAddress;
  /** Whether each client has a source address of its own. */
  readonly manyAddresses: boolean;
  readonly vendorThumbprint: string;
  /** End of the lease of each CMID that was activated for the product. */
  readonly leaseEndsMs: ReadonlyMap<string, number>;
}

/** The box does not have what the demonstration would need. */
export class NoStageError extends KmsError {
  readonly code = "no-demonstration";
}

const MOST_CLIENTS = 100_000;

/**
 * Asks the running box what the demonstration can be done with.
 *
 * @param wanted a product named by the user; without, the demonstration's own
 * @throws {NoStageError} clients that do not exist would count among those of a real vendor
 */
export async function setStage(client: AdminClient, wanted: string | undefined): Promise<Stage> {
  const status = await client.status();
  const product = chooseProduct(status, wanted);
  const { licences } = await client.licences();
  const licence = licences.find(
    ({ validity, products }) =>
      validity === "valid" && products.some(({ id }) => id === product.id),
  );
  const { clients } = await client.clients({ product: product.id, limit: MOST_CLIENTS });
  const host = reachable(status.address);
  return {
    product,
    host,
    manyAddresses: await hasManyAddresses(host),
    vendorThumbprint: licence?.vendorThumbprint ?? "",
    leaseEndsMs: new Map(
      clients.flatMap(({ cmid, activatedUntil }) =>
        activatedUntil === null ? [] : [[cmid, activatedUntil * SECOND_MS] as const],
      ),
    ),
  };
}

function chooseProduct({ products, demonstration }: Status, wanted: string | undefined) {
  if (wanted === undefined && !demonstration) {
    throw new NoStageError(
      "This box has no demonstration vendor: clients that do not exist would count among those of a " +
        'real one. Start another box by "kms-box serve --demo", or name the product by --product ID ' +
        "if that is what you want.",
    );
  }
  const id = wanted ?? DEMO_PRODUCT.id;
  const product = products.find((each) => each.id === id);
  if (product) return product;
  const licensed = products.map((each) => each.id).join(", ") || "none";
  throw new NoStageError(
    `This box has no valid licence for the product "${id}"; it has ${licensed}.`,
  );
}
