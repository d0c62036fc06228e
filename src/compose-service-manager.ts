import { NodeTimers } from "./adapters/system/node-clock.ts";
import { OwnServiceCheck } from "./adapters/system/own-service-check.ts";
import { type Supervision, SystemdManager } from "./adapters/system/systemd-manager.ts";
import type { OpenBox } from "./compose-box.ts";
import type { HostReport } from "./services/host-report.ts";
import { LifeSigns } from "./services/life-signs.ts";
import { statusLine } from "./services/status-line.ts";

export interface LifeSignsWiring extends OpenBox {
  readonly supervision: Supervision;
  readonly report: HostReport;
  /** Where clients are served. */
  readonly address: string;
  readonly port: number;
}

/** What tells systemd that the box serves and lives. */
export function composeLifeSigns(wiring: LifeSignsWiring): LifeSigns {
  const { supervision, store, signer, events, address, port } = wiring;
  return new LifeSigns({
    manager: new SystemdManager(supervision),
    check: new OwnServiceCheck({ address, port, store, thumbprint: signer.thumbprint }),
    timers: new NodeTimers(),
    events,
    status: () => statusLine(wiring),
  });
}
