import type { DnsAnswer, DnsDomainAnswer } from "../../web/api/dns-schemas.ts";
import { formatLogTime, formatTime } from "../support/dates.ts";
import { fieldLines } from "../support/table.ts";
import type { AdminClient } from "./admin-client.ts";
import type { View } from "./watch.ts";

export function isWell({ state }: DnsDomainAnswer): boolean {
  return state === "published";
}

/** How the box stands in each of its domains, as that changes. */
export function dnsView(client: Pick<AdminClient, "dns">): View<DnsAnswer> {
  return {
    read: () => client.dns(),
    screen: dnsLines,
    changes: (answer, before) =>
      changed(answer, before)
        ? [`${formatLogTime(Date.now())}  ${answer.domains.map(oneLine).join("; ") || "no domain"}`]
        : [],
    documents: (answer, before) => (changed(answer, before) ? [answer] : []),
  };
}

/** That a record was found once more is no change. */
function changed(answer: DnsAnswer, before: DnsAnswer | undefined): boolean {
  const lasting = ({ domains }: DnsAnswer) =>
    JSON.stringify(domains.map(({ checked: _checked, retry: _retry, ...rest }) => rest));
  return before === undefined || lasting(answer) !== lasting(before);
}

function oneLine({ domain, state, code }: DnsDomainAnswer): string {
  return `${domain} ${state}${code === null ? "" : ` (${code})`}`;
}

/** How the box stands in each of its domains, for a person. */
export function dnsLines({ domains }: DnsAnswer): string[] {
  if (domains.length === 0) return NO_DOMAIN;
  return domains.flatMap((each, index) => (index === 0 ? [] : [""]).concat(domainLines(each)));
}

const NO_DOMAIN = [
  "This box publishes in no domain. Name some in its configuration, for example",
  '{"dns": {"domains": [{"domain": "office.example", "tsigKeyFile": "/etc/kms-box/office.key"}]}},',
  "or add the record by hand.",
];

function domainLines(domain: DnsDomainAnswer): string[] {
  const { name, ttlSeconds, priority, weight, port, target, addresses, server, rivals } = domain;
  const fields: (readonly [string, string])[] = [
    ["Domain", domain.domain],
    ["State", stateText(domain)],
    ["Record", `${name}. ${ttlSeconds} IN SRV ${priority} ${weight} ${port} ${target}.`],
  ];
  if (addresses.length > 0) fields.push(["Addresses", addresses.join(", ")]);
  if (server !== null) fields.push(["Server", server]);
  if (domain.checked !== null) fields.push(["Checked", localTime(domain.checked)]);
  if (domain.seenBySystem !== null) {
    fields.push(["Resolver", domain.seenBySystem ? "finds it" : "does not find it yet"]);
  }
  if (domain.reason !== null) fields.push(["Reason", domain.reason]);
  if (domain.retry !== null) fields.push(["Next try", localTime(domain.retry)]);
  for (const rival of rivals) {
    const { priority: first, weight: share } = rival;
    fields.push([
      "Other host",
      `${rival.target}:${rival.port}, priority ${first}, weight ${share}`,
    ]);
  }
  return fieldLines(fields);
}

function stateText({ state, code, since }: DnsDomainAnswer): string {
  const time = since === null ? "" : `, since ${localTime(since)}`;
  switch (state) {
    case "published":
      return `published${time}`;
    case "failed":
      return `FAILED (${code})${time}`;
    case "foreign":
      return `NOT PUBLISHED, another host is${time}; set dns.coexist to publish beside it`;
    case "withdrawn":
      return `withdrawn${time}; "kms-box dns publish" publishes it again`;
    case "pending":
      return "pending";
  }
}

function localTime(text: string): string {
  return formatTime(Date.parse(text));
}
