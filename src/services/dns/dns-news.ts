import type { DnsRegistration } from "../../domain/dns-registration.ts";
import type { DnsNews } from "../../domain/dns-state.ts";
import type { EventName, LoggedEvent } from "../../domain/events.ts";
import type { EventLog } from "../../ports/events.ts";

interface Entry {
  readonly event: EventName;
  readonly message: string;
  readonly details?: LoggedEvent["details"];
}

/** Writes what became of a domain into the event log. */
export function tellDnsNews(news: DnsNews, registration: DnsRegistration, events: EventLog): void {
  const { event, message, details = {} } = entryOf(news, registration);
  const { name, target, port } = registration;
  events.record(event, message, { name, target, port, ...details });
}

function entryOf(news: DnsNews, { name, target, port, addresses }: DnsRegistration): Entry {
  switch (news.news) {
    case "published":
      return {
        event: "dns-published",
        message: `${name} leads to this box as ${target}, port ${port}.`,
        details: { server: news.server, addresses: addresses.join(" ") },
      };
    case "restored":
      return {
        event: "dns-restored",
        message: `${name} did not lead to this box any more: its record was written again.`,
        details: { server: news.server },
      };
    case "withdrawn":
      return { event: "dns-withdrawn", message: `${name} no longer leads to this box.` };
    case "failed":
      return {
        event: "dns-failed",
        message: `${name} cannot be kept in DNS. ${news.reason}`,
        details: { code: news.code },
      };
    case "rival":
      return rivalEntry(name, news);
  }
}

function rivalEntry(name: string, { rival, beside }: Extract<DnsNews, { news: "rival" }>): Entry {
  const meaning = beside
    ? "Clients choose between both by priority and weight."
    : "This box is not published: remove the other's record, or set dns.coexist to publish beside it.";
  return {
    event: "dns-rival-seen",
    message: `${name} leads to another host, ${rival.target}, port ${rival.port}. ${meaning}`,
    details: { rivalTarget: rival.target, rivalPort: rival.port, beside },
  };
}
