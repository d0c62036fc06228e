import type { Config } from "../../config/schema.ts";
import { KmsError } from "../../domain/errors.ts";
import { UsageError } from "../support/run-program.ts";
import { AdminClient, BoxNotRunningError } from "./admin-client.ts";
import { type BoxFlags, boxConfig } from "./options.ts";

/** A box that runs draws its panel itself. */
class PanelInUseError extends KmsError {
  readonly code = "panel-in-use";
}

const PICTURES = ["starting", "off"] as const;

/** What came of it; without a display there is nothing to be drawn on, and nothing is wrong. */
export type Drawn = { readonly picture: string } & (
  | { readonly shown: true }
  | { readonly shown: false; readonly reason: string }
);

/**
 * Draws one picture on the display of this machine and lets go of it.
 *
 * @throws {UsageError} there is no such picture
 * @throws {PanelInUseError} a box runs
 */
export async function drawOnPanel(name: string, flags: BoxFlags): Promise<Drawn> {
  const picture = PICTURES.find((known) => known === name);
  if (!picture) {
    throw new UsageError(`There is no picture "${name}"; there are: ${PICTURES.join(", ")}.`);
  }
  const config = await boxConfig(flags);
  await refuseWhileBoxRuns(config);
  const { composePicture } = await import("../../compose-picture.ts");
  const condition = await composePicture(config, picture);
  if (condition.state === "present") return { picture, shown: true };
  return { picture, shown: false, reason: condition.reason };
}

async function refuseWhileBoxRuns({ data }: Config): Promise<void> {
  try {
    await new AdminClient(data).status();
  } catch (error) {
    if (error instanceof BoxNotRunningError) return;
    throw error;
  }
  throw new PanelInUseError("The box runs and draws its panel itself. Stop it before.");
}
