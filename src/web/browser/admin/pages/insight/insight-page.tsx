import { Page } from "../../parts/page.tsx";
import { CalendarSection } from "./calendar-section.tsx";
import { ClonesSection } from "./clones-section.tsx";
import { ForecastSection } from "./forecast-section.tsx";
import { WhatIfSection } from "./what-if-section.tsx";

/** What the box foresees, and what it noticed among its machines. */
export function InsightPage() {
  return (
    <Page title="Insight" about="What will be, and what deserves a look.">
      <ForecastSection />
      <WhatIfSection />
      <CalendarSection />
      <ClonesSection />
    </Page>
  );
}
