import { post } from "../../api/api.ts";
import { session } from "../../api/session.ts";
import { Danger } from "../../parts/danger.tsx";
import { Page, Section } from "../../parts/page.tsx";
import { UpgradeSection } from "./upgrade-section.tsx";

const RESET_WORD = "factory reset";

/** What ends the service: begun anew, switched off, or emptied. */
export function SystemPage() {
  return (
    <Page title="System" about="Upgrade, restart, power off, factory reset.">
      <UpgradeSection />
      <Section
        title="Restart"
        about="Clients are not served for a few seconds; they try again by themselves. You have to log in again."
      >
        <Danger
          label="Restart…"
          confirm="Restart the service"
          question={<p>Nothing is lost. Everybody who is logged in here has to log in again.</p>}
          act={async () => {
            await post("/api/v1/restart");
            session.startsAgain("The service starts again. Log in again then.");
            return "The service starts again.";
          }}
        />
      </Section>
      <Section
        title="Power off"
        about="Shuts the machine down, so that it can be unplugged. Somebody has to plug it in again."
      >
        <Danger
          label="Power off…"
          confirm="Power off"
          question={
            <p>
              No machine is activated until somebody stands before the box and plugs it in again.
            </p>
          }
          act={async () => {
            await post("/api/v1/power-off");
            return "The machine is shut down.";
          }}
        />
      </Section>
      <Section
        title="Factory reset"
        about="Empties the box: machines, licences, the host key, settings, password and tokens. Make a backup first."
      >
        <Danger
          label="Factory reset…"
          confirm="Erase everything"
          typed={RESET_WORD}
          question={
            <p>
              Everything on this box is erased, its key too: every licence has to be issued anew.
              This cannot be taken back except by restoring a backup.
            </p>
          }
          act={async () => {
            await post("/api/v1/reset");
            session.startsAgain("The box is emptied, and is to be claimed again then.");
            return "The box is emptied and starts again.";
          }}
        />
      </Section>
    </Page>
  );
}
