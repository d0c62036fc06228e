/** The panel's LEDs, in the order in which they stand on it. */
export const LAMPS = ["green", "yellow", "red", "activity"] as const;

export type Lamp = (typeof LAMPS)[number];

/** Slow is 1 Hz and fast 4 Hz, each lit for the first half of its period. */
export type LampPattern = "off" | "steady" | "slow" | "fast";

export type LampPatterns = Readonly<Record<Lamp, LampPattern>>;

/** Which LEDs are lit at one moment. */
export type LampLevels = Readonly<Record<Lamp, boolean>>;
