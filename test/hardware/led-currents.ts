import { LAMPS, type Lamp } from "../../src/panel/lamps.ts";
import { amountOf } from "./bill-of-materials.ts";

/** What a pin of the header gives while it is high. */
export const GPIO_VOLTS = 3.3;
/** More than this is not taken from one pin, and from all of them together. */
export const PIN_LIMIT_MILLIAMPS = 8;
export const HEADER_LIMIT_MILLIAMPS = 50;

/** The bill's references of an LED and its resistor. */
export const REFERENCES: Readonly<
  Record<Lamp, { readonly led: string; readonly resistor: string }>
> = {
  green: { led: "D1", resistor: "R1" },
  yellow: { led: "D2", resistor: "R2" },
  red: { led: "D3", resistor: "R3" },
  activity: { led: "D4", resistor: "R4" },
};

export interface LedCurrent {
  readonly lamp: Lamp;
  readonly forwardVolts: number;
  readonly ohms: number;
  readonly milliamps: number;
}

/** What flows through each LED while it is lit. */
export function ledCurrents(): LedCurrent[] {
  return LAMPS.map((lamp) => {
    const { led, resistor } = REFERENCES[lamp];
    const forwardVolts = amountOf(led);
    const ohms = amountOf(resistor);
    return { lamp, forwardVolts, ohms, milliamps: (1000 * (GPIO_VOLTS - forwardVolts)) / ohms };
  });
}
