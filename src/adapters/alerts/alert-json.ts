import type { Alert } from "../../domain/alerts/alert.ts";

/** Which box tells. */
export interface AlertingBox {
  readonly hostname: string;
  /** Thumbprint of the host key. */
  readonly host: string;
  readonly version: string;
}

/** An alert as receivers get it (Standard Webhooks, "Payload structure"). */
export function alertJson(alert: Alert, box: AlertingBox): string {
  const { id, news, key, kind, severity, sinceMs, atMs, sentence, remedy } = alert;
  return JSON.stringify({
    type: `alert.${news}`,
    timestamp: new Date(atMs).toISOString(),
    data: {
      id,
      key,
      kind,
      severity,
      since: new Date(sinceMs).toISOString(),
      sentence,
      remedy,
      box,
    },
  });
}
