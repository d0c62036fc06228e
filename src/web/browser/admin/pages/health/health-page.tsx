import { bytesText } from "../../../../../domain/bytes-text.ts";
import type { HealthAnswer } from "../../../../api/health-schemas.ts";
import { useResource } from "../../hooks/use-resource.ts";
import { Facts } from "../../parts/facts.tsx";
import { Findings } from "../../parts/findings.tsx";
import { Loaded } from "../../parts/messages.tsx";
import { Page, Section } from "../../parts/page.tsx";
import { lasting } from "../../parts/when.tsx";
import { ClockSection } from "./clock-section.tsx";

const EVERY_MS = 15_000;

/** How the machine and its clock are. */
export function HealthPage() {
  const health = useResource<HealthAnswer>("/api/v1/health", EVERY_MS);
  return (
    <Page title="Health" about="The machine, its flash memory and its clock.">
      <Loaded resource={health}>
        {(answer) => (
          <>
            <Section title="Machine">
              <Findings diagnosis={answer} />
            </Section>
            <Figures health={answer} />
          </>
        )}
      </Loaded>
      <ClockSection />
    </Page>
  );
}

function Figures({ health }: { readonly health: HealthAnswer }) {
  const { flash, temperatureCelsius, lowVoltage, uptimeSeconds } = health;
  return (
    <Section title="Figures">
      <Facts
        of={[
          ["Machine running for", lasting(uptimeSeconds)],
          ["Processor", temperatureCelsius === null ? null : `${temperatureCelsius} °C`],
          ["Voltage", lowVoltage === null ? null : lowVoltage ? "too low" : "good"],
          ["Flash device", flash.device],
          ["Free", bytes(flash.freeBytes)],
          ["Written since it was started", bytes(flash.sinceBootBytes)],
          ["Written a day", bytes(flash.sinceInstallBytesPerDay ?? flash.sinceBootBytesPerDay)],
          [
            "Lasts for",
            flash.leftDays === null ? null : `${flash.leftDays.toLocaleString("en-GB")} days more`,
          ],
          ["Errors of the file system", flash.errors],
        ]}
      />
    </Section>
  );
}

function bytes(value: number | null): string | null {
  return value === null ? null : bytesText(value);
}
