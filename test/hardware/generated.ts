import { readFileSync } from "node:fs";
import { configTxt, overlaySource } from "./boot-settings.ts";
import { countClimbing } from "./count-climbing.ts";
import { HEIGHTS, pageImage, pictureName, SHOWN } from "./page-pictures.ts";
import { hardwareFolder } from "./pins.ts";
import { readmeSections, withSections } from "./readme-sections.ts";
import { wiringDiagram } from "./wiring/drawing.ts";

const readmePath = `${hardwareFolder}/README.md`;
export const pagesFolder = `${hardwareFolder}/pages`;

/** Every generated text by its path: always the same characters. */
export function generatedTexts(): Record<string, string> {
  return {
    [`${hardwareFolder}/wiring.svg`]: wiringDiagram(),
    [`${hardwareFolder}/kms-box-overlay.dts`]: overlaySource(),
    [`${hardwareFolder}/config.txt`]: configTxt(),
    [`${hardwareFolder}/count-climbing.svg`]: countClimbing(),
    [readmePath]: withSections(readFileSync(readmePath, "utf8"), readmeSections()),
  };
}

/** Every generated picture by its path. */
export function generatedImages(): Record<string, Uint8Array> {
  const images: Record<string, Uint8Array> = {};
  for (const screen of Object.keys(SHOWN)) {
    for (const height of HEIGHTS) {
      images[`${pagesFolder}/${pictureName(screen, height)}`] = pageImage(screen, height);
    }
  }
  return images;
}
