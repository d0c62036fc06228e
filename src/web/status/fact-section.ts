import { bytesText } from "../../domain/bytes-text.ts";
import { DAY_MS } from "../../domain/units.ts";
import type { DnsFacts } from "../../panel/facts.ts";
import { dnsNextStep, temperatureText } from "../../panel/wording.ts";
import { type Html, html } from "../pages/html.ts";
import type { Tone } from "./answers.ts";
import { dayText, machines, momentText, numberText, spanText } from "./phrases.ts";
import type { StatusView } from "./status-view.ts";

interface Fact {
  readonly name: string;
  readonly tone: Tone;
  readonly value: string;
  readonly more?: string;
}

/** How long before its end a licence is told of as one that ends. */
const LICENCE_ENDING_MS = 30 * DAY_MS;

/** How the box is: DNS, clock, licence, health. */
export function factSection(view: StatusView): Html {
  return html`<dl class="facts">${factsOf(view).map(factItem)}</dl>`;
}

function factItem({ name, tone, value, more }: Fact): Html {
  return html`
    <div data-tone="${tone}">
      <dt>${name}</dt>
      <dd><b>${value}</b>${more ? html` <span>${more}</span>` : null}</dd>
    </div>`;
}

function factsOf(view: StatusView): Fact[] {
  const { nowMs, clients, network } = view.facts;
  return [
    dnsFact(view.facts.dns, nowMs),
    clockFact(view),
    licenceFact(view),
    {
      name: "Machines",
      tone: "unknown",
      value: `${numberText(clients.total)} counted`,
      more:
        clients.lapsingSoon === 0
          ? "No activation ends within 7 days."
          : `The activation of ${machines(clients.lapsingSoon)} ends within 7 days unless it is renewed.`,
    },
    ...healthFacts(view),
    {
      name: "Network",
      tone: network.link === "down" ? "bad" : "unknown",
      value: network.addresses[0] ?? "no address",
      more: [`port ${network.port}`, ...network.addresses.slice(1)].join(", "),
    },
  ];
}

function dnsFact(dns: DnsFacts, nowMs: number): Fact {
  const name = "DNS";
  switch (dns.state) {
    case "off":
      return { name, tone: "unknown", value: "Not published", more: `${dnsNextStep(dns)}.` };
    case "published":
      return {
        name,
        tone: "good",
        value: "Published",
        more: `${dns.record}, for ${spanText(nowMs - dns.sinceMs)}`,
      };
    case "failed":
      return { name, tone: "bad", value: "Failed", more: `${dns.record}: ${dns.reason}` };
    case "pending":
      return { name, tone: "attention", value: "Being published", more: dns.record };
    case "withdrawn":
      return { name, tone: "attention", value: "Withdrawn", more: dns.record };
  }
}

function clockFact({ facts }: StatusView): Fact {
  const { trusted, detail } = facts.health.clock;
  const value = trusted ? "Trusted" : "Not trusted";
  const more = trusted ? `${momentText(facts.nowMs)}, by ${detail}` : detail;
  return { name: "Clock", tone: trusted ? "good" : "bad", value, more };
}

function licenceFact({ licenceEndsMs, facts }: StatusView): Fact {
  const name = "Licence";
  if (licenceEndsMs === null) return { name, tone: "bad", value: "None that is valid" };
  const leftMs = licenceEndsMs - facts.nowMs;
  return {
    name,
    tone: leftMs <= LICENCE_ENDING_MS ? "attention" : "good",
    value: `Until ${dayText(licenceEndsMs)}`,
    more: `${spanText(leftMs)} left`,
  };
}

function healthFacts({ facts }: StatusView): Fact[] {
  const { flash, temperatureCelsius, uptimeMs, version, lastStart } = facts.health;
  const free = flash.freeBytes === null ? {} : { more: `${bytesText(flash.freeBytes)} free` };
  const storage: Fact = {
    name: "Storage",
    tone: flash.ok ? "good" : "bad",
    value: flash.ok ? "Works" : "Failing",
    ...free,
  };
  const temperature: Fact[] =
    temperatureCelsius === null
      ? []
      : [{ name: "Temperature", tone: "unknown", value: temperatureText(temperatureCelsius) }];
  return [
    storage,
    ...temperature,
    {
      name: "Running",
      tone: "unknown",
      value: `For ${spanText(uptimeMs)}`,
      more: `version ${version}, last start: ${lastStart}`,
    },
  ];
}
