import type { LinkState, Machine } from "../../src/ports/machine.ts";

/** A machine that is well and connected. */
export class FakeMachine implements Machine {
  linkState: LinkState = "up";

  hostname(): string {
    return "kms-box";
  }

  addresses(): readonly string[] {
    return ["192.0.2.10"];
  }

  link(): LinkState {
    return this.linkState;
  }

  temperatureCelsius(): number {
    return 45;
  }

  freeBytes(): number {
    return 8e9;
  }

  bootId(): string {
    return "b00710d0-0000-4000-8000-000000000001";
  }
}
