import { configTxt, overlaySource } from "./boot-settings.ts";
import { hardwareFolder } from "./pins.ts";
import { wiringDiagram } from "./wiring/drawing.ts";

/** Every generated file by its path: always the same bytes. */
export function generatedFiles(): Record<string, string | Uint8Array> {
  return {
    [`${hardwareFolder}/wiring.svg`]: wiringDiagram(),
    [`${hardwareFolder}/kms-box-overlay.dts`]: overlaySource(),
    [`${hardwareFolder}/config.txt`]: configTxt(),
  };
}
