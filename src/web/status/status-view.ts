import type { Outlook } from "../../domain/outlook.ts";
import { SECOND_MS } from "../../domain/units.ts";
import type { PanelFacts } from "../../panel/facts.ts";
import { publicFacts } from "../../panel/public-view.ts";
import type { HostAnswer } from "../../protocol/api.ts";
import type { HostReport } from "../../services/host-report.ts";
import type { LicenceService } from "../../services/licences.ts";

/** All that the page tells, without the name of any machine but the box itself. */
export interface StatusView {
  readonly facts: PanelFacts;
  readonly products: HostAnswer["products"];
  /** When the first of the licences in use ends; null without one. */
  readonly licenceEndsMs: number | null;
  /** Undefined while it is not known. */
  readonly outlook: readonly Outlook[] | undefined;
  /** Of the administration; null if it is not served. */
  readonly httpsPort: number | null;
}

export interface StatusParts {
  readonly facts: () => PanelFacts;
  readonly report: Pick<HostReport, "host">;
  readonly licences: Pick<LicenceService, "covering">;
  readonly outlook: () => readonly Outlook[] | undefined;
  readonly httpsPort: () => number | null;
}

/** Gathers what the page tells. Reads only. */
export class StatusSource {
  readonly #parts: StatusParts;

  constructor(parts: StatusParts) {
    this.#parts = parts;
  }

  read(): StatusView {
    const facts = publicFacts(this.#parts.facts());
    const { products } = this.#parts.report.host();
    return {
      facts,
      products,
      licenceEndsMs: this.#licenceEndsMs(products, facts.nowMs),
      outlook: this.#parts.outlook(),
      httpsPort: this.#parts.httpsPort(),
    };
  }

  #licenceEndsMs(products: StatusView["products"], nowMs: number): number | null {
    const ends = products.flatMap(({ id }) => {
      const covered = this.#parts.licences.covering(id, nowMs);
      return covered ? [covered.licence.claims.exp * SECOND_MS] : [];
    });
    return ends.length === 0 ? null : Math.min(...ends);
  }
}
