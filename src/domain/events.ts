/**
 * Everything the event log can hold. Numbers and names are stable: scripts filter by them.
 * 1xx service, 2xx activation, 3xx licence, 4xx clock, 5xx storage, 6xx network, 7xx panel,
 * 8xx backup, 9xx machine.
 */
export const EVENTS = {
  "service-started": [100, "info"],
  "service-stopping": [101, "info"],
  "service-stopped": [102, "info"],
  "restart-requested": [103, "info"],
  "factory-reset-requested": [104, "warn"],
  "factory-reset-finished": [105, "warn"],
  "stopped-unexpectedly": [106, "warn"],
  "self-check-failed": [107, "error"],
  "manager-not-told": [108, "warn"],
  "power-off-requested": [109, "info"],
  "power-off-failed": [110, "error"],
  "version-changed": [120, "info"],
  "upgrade-rolled-back": [121, "error"],
  "upgrade-unfinished": [122, "error"],
  "admin-claimed": [130, "warn"],
  "admin-login": [131, "info"],
  "admin-login-failed": [132, "warn"],
  "admin-locked-out": [133, "warn"],
  "password-changed": [134, "warn"],
  "token-made": [135, "warn"],
  "token-revoked": [136, "warn"],
  "certificate-changed": [137, "info"],
  "audit-broken": [139, "error"],
  "web-serving": [140, "info"],
  "web-failed": [141, "warn"],
  "history-failed": [142, "warn"],
  "alert-sent": [150, "info"],
  "alert-failed": [151, "warn"],
  "alert-dropped": [152, "warn"],
  "settings-changed": [160, "info"],
  "settings-unusable": [161, "error"],
  "request-received": [200, "info"],
  "request-refused": [201, "warn"],
  "threshold-reached": [210, "info"],
  "threshold-lost": [211, "warn"],
  "cmid-discarded": [220, "info"],
  "client-forgotten": [221, "warn"],
  "forecast-low": [230, "warn"],
  "clone-seen": [231, "warn"],
  "licence-installed": [300, "info"],
  "licence-expiring": [301, "warn"],
  "licence-expired": [302, "error"],
  "licence-unusable": [303, "error"],
  "clock-trusted": [400, "info"],
  "clock-untrusted": [401, "error"],
  "clock-stepped": [402, "warn"],
  "clock-confirmed": [403, "info"],
  "clock-mark-lowered": [404, "warn"],
  "storage-failed": [500, "error"],
  "storage-recovered": [501, "info"],
  "storage-repaired": [502, "warn"],
  "storage-migrated": [503, "info"],
  "storage-compacted": [504, "debug"],
  "storage-begun-anew": [505, "error"],
  "foreign-protocol": [600, "warn"],
  "network-failed": [601, "error"],
  "network-recovered": [602, "info"],
  "dns-published": [610, "info"],
  "dns-failed": [611, "error"],
  "dns-withdrawn": [612, "info"],
  "dns-rival-seen": [613, "warn"],
  "dns-restored": [614, "warn"],
  "mdns-announced": [620, "info"],
  "mdns-failed": [621, "warn"],
  "display-found": [700, "info"],
  "display-lost": [701, "warn"],
  "leds-found": [702, "info"],
  "leds-lost": [703, "warn"],
  "button-found": [704, "info"],
  "button-lost": [705, "warn"],
  "button-stuck": [706, "warn"],
  "admin-code-shown": [707, "info"],
  "backup-made": [800, "info"],
  "backup-failed": [801, "error"],
  "restore-finished": [810, "warn"],
  "host-replaced": [811, "error"],
  "voltage-low": [900, "error"],
  "file-system-errors": [901, "error"],
} as const satisfies Record<string, readonly [number, EventLevel]>;

export type EventLevel = "debug" | "info" | "warn" | "error";
export type EventName = keyof typeof EVENTS;

/** One line of the event log. */
export interface LoggedEvent {
  /** Grows by one with every event since the start of the service. */
  readonly sequence: number;
  readonly timeMs: number;
  readonly id: number;
  readonly name: EventName;
  readonly level: EventLevel;
  /** One sentence for a person. */
  readonly message: string;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}
