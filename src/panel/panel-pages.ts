import type { PanelFacts } from "./facts.ts";
import type { PageName } from "./screen.ts";

/** One of the pages that there are to see now. */
export interface PanelPage {
  readonly name: PageName;
  /** The same as long as the page tells of the same thing, wherever it stands. */
  readonly key: string;
  /** What makes it come first; null for an ordinary page. */
  readonly level: "fault" | "attention" | null;
}

/** The pages there are, in their order: faults, counts, network, DNS, clients, health, certificate. */
export function pagesOf(
  facts: Pick<PanelFacts, "faults" | "counts" | "fingerprint">,
): readonly PanelPage[] {
  const faults = facts.faults.map(
    ({ level, code }, index): PanelPage => ({
      name: { page: "fault", index },
      key: `${level}:${code}`,
      level,
    }),
  );
  const counts = facts.counts.map(
    ({ name, activationThreshold }, index): PanelPage => ({
      name: { page: "count", index },
      key: `count:${activationThreshold}:${name}`,
      level: null,
    }),
  );
  const certificate = facts.fingerprint === undefined ? [] : (["certificate"] as const);
  const others = (["network", "dns", "clients", "health", ...certificate] as const).map(
    (page): PanelPage => ({ name: { page }, key: page, level: null }),
  );
  return [...faults, ...counts, ...others];
}
