import { Section } from "../../parts/page.tsx";
import { WEBHOOK_EXAMPLE } from "./webhook-example.ts";

const SETTING = '[{"url": "http://192.0.2.7:8080/"}]';

/** What to do where nobody is told of anything yet. */
export function FirstWebhook() {
  return (
    <Section title="What a webhook receives">
      <p>
        Each alert is posted as JSON when it is raised, reminded of and resolved. To see one come,
        let a computer listen with <code>nc -lk 8080</code>, set <code>alerts.webhooks</code> to{" "}
        <code>{SETTING}</code> with the address of that computer in the{" "}
        <a href="#/settings">settings</a>, and <a href="#/system">restart</a>: this page can send a
        test then.
      </p>
      <pre class="text">{JSON.stringify(WEBHOOK_EXAMPLE, undefined, 2)}</pre>
    </Section>
  );
}
