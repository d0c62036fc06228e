import type { Alert } from "../../domain/alerts/alert.ts";
import type { AlertingBox } from "./alert-json.ts";

const NEWS: Readonly<Record<Alert["news"], string>> = {
  raised: "",
  reminder: "Still: ",
  resolved: "Over: ",
  test: "",
};

export interface MailText {
  readonly subject: string;
  readonly text: string;
}

/** Several alerts as one mail in plain text; the first one's sentence is the subject. */
export function mailText(alerts: readonly Alert[], { hostname, version }: AlertingBox): MailText {
  const [first] = alerts;
  const others = alerts.length > 1 ? ` (and ${alerts.length - 1} more)` : "";
  const subject = `[KMS Box ${hostname}] ${first ? headline(first) : ""}${others}`;
  const parts = alerts.map((alert) => {
    const { news, severity, sinceMs, remedy } = alert;
    const since = `${news === "resolved" ? "It was so since" : "Since"} ${stamp(sinceMs)}`;
    return `${headline(alert)}\n${remedy}\n${since}; ${severity}.\n`;
  });
  return {
    subject: oneLine(subject),
    text: `${parts.join("\n")}\n-- \nKMS Box ${version} on ${hostname}\n`,
  };
}

function headline({ news, sentence }: Alert): string {
  return `${NEWS[news]}${sentence}`;
}

/** A header must not be one's own to add: what came from elsewhere may have ends of lines. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").slice(0, 200);
}

function stamp(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
