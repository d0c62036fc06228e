import { pino } from "pino";
import { NodeClock, NodeTimers } from "../../../src/adapters/system/node-clock.ts";
import type { PanelFacts } from "../../../src/panel/facts.ts";
import type { ApplicationSeries } from "../../../src/services/history/history-service.ts";
import { PAGES_FOLDER } from "../../../src/version.ts";
import { PageAssets } from "../../../src/web/pages/assets.ts";
import { StatusServer } from "../../../src/web/status/status-server.ts";
import { StatusSource } from "../../../src/web/status/status-view.ts";
import { PanelRig } from "../../services/panel/panel-rig.ts";
import { type TestHost, testHost } from "../../support/host.ts";
import { panelFacts } from "../../support/panel-facts.ts";

/** The public page of a real host behind a real socket; the panel's time is virtual. */
export class StatusRig {
  readonly host: TestHost;
  readonly panel: PanelRig;
  readonly server: StatusServer;
  readonly logged: string[] = [];
  facts: Partial<PanelFacts> = {};
  applications: readonly ApplicationSeries[] = [];
  port = 0;
  #changed: () => void = () => undefined;
  listeners = 0;

  private constructor(host: TestHost, panel: PanelRig, assets: PageAssets, withPanel: boolean) {
    this.host = host;
    this.panel = panel;
    const source = new StatusSource({
      facts: () => panelFacts(this.facts),
      report: host.report,
      licences: host.licences,
      outlook: () => undefined,
      httpsPort: () => 8443,
    });
    const logger = pino(
      { level: "error" },
      { write: (line: string) => void this.logged.push(line) },
    );
    this.server = new StatusServer({
      assets,
      logger,
      view: () => source.read(),
      panel: withPanel ? panel.panel : undefined,
      history: {
        read: (range) => ({ range, nowMs: host.clock.nowMs(), applications: this.applications }),
      },
      listen: (changed) => {
        this.#changed = changed;
        this.listeners++;
        return () => this.listeners--;
      },
      clock: new NodeClock(),
      timers: new NodeTimers(),
    });
  }

  static async start({ panel: withPanel = true } = {}): Promise<StatusRig> {
    const panel = new PanelRig();
    await panel.start();
    panel.serve();
    const assets = await PageAssets.open(PAGES_FOLDER);
    const rig = new StatusRig(await testHost(), panel, assets, withPanel);
    const { port } = await rig.server.start({ bind: "127.0.0.1", port: 0 });
    rig.port = port;
    return rig;
  }

  url(path: string): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  changed(): void {
    this.#changed();
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await this.panel.panel.stop();
  }
}
