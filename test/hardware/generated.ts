import { configTxt, overlaySource } from "./boot-settings.ts";
import { countClimbing } from "./count-climbing.ts";
import { goldenNames, pageImage } from "./page-pictures.ts";
import { hardwareFolder } from "./pins.ts";
import { wiringDiagram } from "./wiring/drawing.ts";

export const pagesFolder = `${hardwareFolder}/pages`;

/** Every generated text by its path: always the same characters. */
export function generatedTexts(): Record<string, string> {
  return {
    [`${hardwareFolder}/wiring.svg`]: wiringDiagram(),
    [`${hardwareFolder}/kms-box-overlay.dts`]: overlaySource(),
    [`${hardwareFolder}/config.txt`]: configTxt(),
    [`${hardwareFolder}/count-climbing.svg`]: countClimbing(),
  };
}

/** Every generated picture by its path. */
export function generatedImages(): Record<string, Uint8Array> {
  const images = goldenNames().map((name) => [`${pagesFolder}/${name}.png`, pageImage(name)]);
  return Object.fromEntries(images) as Record<string, Uint8Array>;
}
