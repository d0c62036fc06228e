import { oledRig, SHOWN_MS } from "../support/oled-rig.ts";
import { displayContract } from "./display-contract.ts";

for (const controller of ["ssd1306", "sh1106"] as const) {
  displayContract(`the ${controller} on a bus`, () => {
    const { display, model, timers, settings } = oledRig({ controller });
    return {
      display,
      width: 128,
      height: settings.height,
      seen: () => model.glass,
      settle: () => timers.pass(SHOWN_MS),
    };
  });
}
