import assert from "node:assert/strict";
import { drawScreen, type PanelSize } from "../../../src/panel/draw-screen.ts";
import type { PanelFacts } from "../../../src/panel/facts.ts";
import type { PanelOptions } from "../../../src/panel/panel-state.ts";
import type { Screen } from "../../../src/panel/screen.ts";
import type { PanelActs } from "../../../src/services/panel/panel-acts.ts";
import type { PanelFront } from "../../../src/services/panel/panel-fronts.ts";
import { PanelService } from "../../../src/services/panel/panel-service.ts";
import { readsAtAnyScale } from "../../panel/reading.ts";
import { FakeFront } from "../../support/fake-front.ts";
import { panelFacts } from "../../support/panel-facts.ts";
import { RecordedEvents } from "../../support/recorded-events.ts";
import { VirtualTimers } from "../../support/virtual-timers.ts";

export const CODE = "7KM4-TXWC";
const CODE_VALID_MS = 300_000;

/** The pages do not turn, and the display stays lit, unless told otherwise. */
const STILL: PanelOptions = { pageMs: 3_600_000, dimAfterMs: 0, offAfterMs: 0 };

export interface RigOptions {
  readonly hardware?: PanelFront | undefined;
  readonly mirrors?: readonly PanelFront[];
  readonly options?: Partial<PanelOptions>;
  readonly size?: PanelSize;
  readonly acts?: Partial<PanelActs>;
}

/** A panel in virtual time with a front whose calls are kept, and facts that tests set. */
export class PanelRig {
  readonly timers = new VirtualTimers();
  readonly events = new RecordedEvents();
  readonly front = new FakeFront();
  readonly said: string[] = [];
  /** What the button asked for. */
  readonly asked: string[] = [];
  readonly panel: PanelService;
  readonly #acts: PanelActs;
  readonly #size: PanelSize;
  facts: Partial<PanelFacts> = {};
  reads = 0;
  wakes = 0;

  constructor({ acts, options, size = { width: 128, height: 64 }, ...fronts }: RigOptions = {}) {
    const { timers, events } = this;
    this.#acts = { ...this.#willing(), ...acts };
    this.#size = size;
    this.panel = new PanelService({
      clock: { nowMs: () => timers.nowMs, monotonicMs: () => timers.nowMs },
      timers: {
        after: (delayMs, call) =>
          timers.after(delayMs, () => {
            this.wakes++;
            call();
          }),
      },
      events,
      size,
      options: { ...STILL, ...options },
      version: "1.2.3",
      hardware: this.front,
      mirrors: [],
      say: (line) => this.said.push(line),
      ...fronts,
    });
  }

  /** As far as a box comes before it serves. */
  async start(): Promise<void> {
    await this.panel.start();
    this.panel.inform((serving) => {
      this.reads++;
      return panelFacts({ ...this.facts, serving });
    });
  }

  serve(): void {
    this.panel.serve(this.#acts);
  }

  pass(ms: number): Promise<void> {
    return this.timers.pass(ms);
  }

  async press(forMs: number): Promise<void> {
    this.front.contact(true, this.timers.nowMs);
    await this.pass(forMs);
    this.front.contact(false, this.timers.nowMs);
    await this.pass(40);
  }

  /** Fails unless exactly this stands on the display, in the first minute, before it is moved. */
  mustShow(screen: Screen): void {
    const facts = panelFacts({ ...this.facts, serving: true });
    const { lines } = this.panel.snapshot();
    const expected = drawScreen(screen, facts, this.#size);
    assert.ok(this.front.now.picture.equals(expected), `It shows: ${lines.join(", ")}`);
  }

  /** Fails unless this text stands in the picture. */
  mustRead(text: string): void {
    const { lines } = this.panel.snapshot();
    const { picture } = this.front.now;
    assert.ok(readsAtAnyScale(picture, text), `"${text}" is not there, but: ${lines.join(", ")}`);
  }

  #willing(): PanelActs {
    return {
      issueCode: () => {
        this.asked.push("code");
        return { code: CODE, expiresMs: this.timers.nowMs + CODE_VALID_MS };
      },
      restart: () => void this.asked.push("restart"),
      powerOff: async () => void this.asked.push("power-off"),
      factoryReset: async () => void this.asked.push("reset"),
    };
  }
}

/** A panel of a host that serves. */
export async function servingPanel(
  options: RigOptions = {},
  facts: Partial<PanelFacts> = {},
): Promise<PanelRig> {
  const rig = new PanelRig(options);
  rig.facts = facts;
  await rig.start();
  rig.serve();
  return rig;
}

export function counted(activationCount: number): Partial<PanelFacts> {
  return { counts: [{ name: "Example Desktop", activationCount, activationThreshold: 25 }] };
}
