import { useState } from "preact/hooks";
import type { ClockAnswer } from "../../../../api/clock-schemas.ts";
import { post } from "../../api/api.ts";
import { useResource } from "../../hooks/use-resource.ts";
import { ActButton } from "../../parts/buttons.tsx";
import { Danger } from "../../parts/danger.tsx";
import { Facts } from "../../parts/facts.tsx";
import { CheckField } from "../../parts/fields.tsx";
import { Loaded, Notice } from "../../parts/messages.tsx";
import { Section } from "../../parts/page.tsx";
import { When } from "../../parts/when.tsx";

const EVERY_MS = 5000;

/** What the clock is trusted by, and taking the administrator's word for it. */
export function ClockSection() {
  const clock = useResource<ClockAnswer>("/api/v1/clock", EVERY_MS);
  return (
    <Section
      title="Clock"
      about="Leases end at a time, so the box signs none while it does not know the time."
    >
      <Loaded resource={clock}>
        {(now) => (
          <>
            <Notice kind={now.trusted ? "good" : "wrong"}>
              {now.trusted ? `The clock is trusted: ${now.detail}.` : now.detail}
            </Notice>
            <Facts
              of={[
                ["The box's time", <When key="time" at={now.time} />],
                ...now.sources.map(({ name, detail }) => [name, detail] as const),
              ]}
            />
            {now.trusted ? null : <Vouch onChange={clock.reload} />}
          </>
        )}
      </Loaded>
    </Section>
  );
}

function Vouch({ onChange }: { readonly onChange: () => void }) {
  const [yes, setYes] = useState(false);
  return (
    <>
      <CheckField
        label="I have considered what else this changes"
        hint="Needed only if the box says so: after a leap ahead, machines may be discarded."
        checked={yes}
        onInput={setYes}
      />
      <div class="acts">
        <ActButton
          act={async () => {
            await post("/api/v1/clock/trust", { yes });
            onChange();
            return "The clock is trusted.";
          }}
        >
          The box's time is right
        </ActButton>
        <Danger
          label="Set it to this computer's time…"
          confirm="Set the clock"
          question={<p>The box takes over the time of the computer that you sit at.</p>}
          act={async () => {
            await post("/api/v1/clock/set", { time: new Date().toISOString(), yes });
            onChange();
            return "The clock is set.";
          }}
        />
      </div>
    </>
  );
}
