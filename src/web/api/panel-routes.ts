import type { FastifyInstance } from "fastify";
import { KmsError } from "../../domain/errors.ts";
import type { PanelService } from "../../services/panel/panel-service.ts";
import type { PanelSnapshot } from "../../services/panel/panel-snapshot.ts";
import { type PanelAnswer, PanelSchema } from "./schemas.ts";

/** The panel is turned off by the configuration. */
class PanelOffError extends KmsError {
  readonly code = "panel-off";
}

/** Shows the front panel to the administrator, and lets it show itself. */
export function addPanelRoutes(app: FastifyInstance, panel: PanelService | undefined): void {
  const existing = () => {
    if (panel) return panel;
    throw new PanelOffError(
      "The front panel is turned off. Start the box without --no-panel, and with panel: true.",
    );
  };
  app.get(
    "/api/v1/panel",
    { config: { scope: "administration" }, schema: { response: { 200: PanelSchema } } },
    () => panelAnswer(existing().snapshot()),
  );
  app.post(
    "/api/v1/panel/test-picture",
    { config: { scope: "manage", act: "show-test-picture" } },
    () => {
      existing().showTestPicture();
      return {};
    },
  );
  app.post("/api/v1/panel/identify", { config: { scope: "manage", act: "identify" } }, () => {
    existing().identify();
    return {};
  });
}

function panelAnswer(snapshot: PanelSnapshot): PanelAnswer {
  const { picture, brightness, patterns, lines, parts } = snapshot;
  const { width, height, bytes } = picture;
  return {
    width,
    height,
    picture: Buffer.from(bytes).toString("base64"),
    brightness,
    leds: patterns,
    lines: [...lines],
    parts,
  };
}
