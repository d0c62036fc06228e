/**
 * What is used of the library. It has types of its own, but a machine that cannot compile what it stands on
 * does not have it at all, and must be able to build the box none the less.
 */
declare module "onoff" {
  export class Gpio {
    constructor(
      gpio: number,
      direction: "in" | "low" | "high",
      edge: "none" | "both",
      options: { activeLow: boolean },
    );
    read(): Promise<0 | 1>;
    write(value: 0 | 1): Promise<void>;
    watch(onEdge: (error: Error | null | undefined, value: 0 | 1) => void): void;
    unwatchAll(): void;
    direction(): string;
    setDirection(direction: "in" | "low" | "high"): void;
    edge(): string;
    setEdge(edge: "none" | "both"): void;
    activeLow(): boolean;
    setActiveLow(activeLow: boolean): void;
    unexport(): void;
  }
}
