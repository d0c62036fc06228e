import { type Static, Type } from "../protocol/typebox.ts";
import { AlertsSchema } from "./alerts-schema.ts";
import { DEFAULT_DATA } from "./defaults.ts";

const whole = (minimum: number, maximum: number, value: number, description: string) =>
  Type.Integer({ minimum, maximum, default: value, description });

export const DnsDomainSchema = Type.Object(
  {
    domain: Type.String({ minLength: 1, maxLength: 253, description: "Such as office.example" }),
    server: Type.Optional(
      Type.String({ minLength: 1, description: "ADDRESS or ADDRESS:PORT; else by the zone's SOA" }),
    ),
    priority: whole(0, 65_535, 0, "Lower is asked first"),
    weight: whole(0, 65_535, 100, "Share among equal priorities"),
    publishAddresses: Type.Boolean({
      default: true,
      description: "Publish this host's A and AAAA records too",
    }),
    tsigKeyFile: Type.Optional(
      Type.String({ minLength: 1, description: "Key file as tsig-keygen writes it" }),
    ),
    keytab: Type.Optional(Type.String({ minLength: 1, description: "Kerberos keytab: GSS-TSIG" })),
    principal: Type.Optional(
      Type.String({ minLength: 1, description: "Kerberos principal in the keytab" }),
    ),
  },
  { additionalProperties: false },
);

/** Every option of the box with its range and default. Durations carry their unit. */
export const ConfigSchema = Type.Object(
  {
    data: Type.String({ minLength: 1, default: DEFAULT_DATA, description: "State folder" }),
    bind: Type.String({
      minLength: 1,
      default: "::",
      description: "Address to listen on; :: is every address, IPv4 too",
    }),
    port: whole(0, 65535, 1688, "TCP port; 0 takes any free one"),
    panel: Type.Boolean({ default: true, description: "Front panel" }),
    dns: Type.Object(
      {
        enabled: Type.Boolean({ default: true, description: "Publishing in DNS and by mDNS" }),
        service: Type.String({
          pattern: "^_[A-Za-z0-9](?:[A-Za-z0-9-]{0,13}[A-Za-z0-9])?$",
          default: "_vlmcs",
          description: "Service label of the SRV record, with its underscore",
        }),
        host: Type.String({
          maxLength: 253,
          default: "",
          description: "Name that clients connect to; empty is this machine's name in each domain",
        }),
        coexist: Type.Boolean({
          default: false,
          description: "Publish beside another host's record of the same name",
        }),
        withdrawAtStop: Type.Boolean({
          default: false,
          description: "Remove the records whenever the box stops",
        }),
        checkSeconds: whole(5, 86_400, 900, "How often it is proven that the records are there"),
        ttlSeconds: whole(30, 604_800, 3600, "How long resolvers may keep the records"),
        mdns: Type.Boolean({ default: true, description: "Announce the box on its own link" }),
        domains: Type.Array(DnsDomainSchema, {
          maxItems: 16,
          default: [],
          description: "Domains to publish in",
        }),
      },
      { additionalProperties: false },
    ),
    web: Type.Object(
      {
        enabled: Type.Boolean({ default: true, description: "Status page and administration" }),
        port: whole(0, 65_535, 80, "Of the status page; 0 takes any free one"),
        httpsPort: whole(0, 65_535, 443, "Of the administration; 0 takes any free one"),
      },
      { additionalProperties: false },
    ),
    metrics: Type.Object(
      {
        enabled: Type.Boolean({ default: true, description: "/metrics on the status page's port" }),
      },
      { additionalProperties: false },
    ),
    alerts: AlertsSchema,
    policy: Type.Object(
      {
        activationThreshold: whole(
          1,
          1_000_000,
          25,
          "Of the demonstration product; a vendor's licence names its products' own",
        ),
        cmidRetentionDays: whole(1, 366, 30, "How long a CMID counts after its last contact"),
        activationValidityDays: whole(1, 3660, 180, "How long one activation holds"),
        renewalIntervalMinutes: whole(1, 129_600, 10_080, "How often activated clients renew"),
        retryIntervalMinutes: whole(1, 43_200, 120, "How often clients try until activated"),
        clockSkewMinutes: whole(1, 1440, 240, "How far a client's clock may be off"),
      },
      { additionalProperties: false },
    ),
    rateLimit: Type.Object(
      {
        requestsPerMinute: whole(1, 1_000_000, 60, "Sustained requests of one address"),
        burst: whole(1, 1_000_000, 120, "Requests that one address may send at once"),
        newClientsPerDay: whole(1, 1_000_000, 100, "New CMIDs from one IPv4 address or IPv6 /64"),
        exempt: Type.Array(Type.String({ minLength: 1 }), {
          maxItems: 1000,
          default: [],
          description: "Networks without these limits, as CIDR",
        }),
      },
      { additionalProperties: false },
    ),
    display: Type.Object(
      {
        controller: Type.Enum(["ssd1306", "sh1106"], {
          default: "ssd1306",
          description: "Chip of the display; sellers mislabel both ways, so try the other",
        }),
        height: Type.Enum([64, 32], { default: 64, description: "Rows of the display" }),
        columnOffset: whole(
          -1,
          32,
          -1,
          "First column in use; -1 is the controller's usual one: 0 of ssd1306, 2 of sh1106",
        ),
        rotation: Type.Enum([0, 180], { default: 0, description: "Degrees" }),
        contrast: whole(1, 255, 207, "Brightness when awake"),
        pageSeconds: whole(2, 3600, 6, "How long a page stays until the next one"),
        dimAfterSeconds: whole(0, 86_400, 120, "Dimmed so long after the last press; 0 is never"),
        offAfterSeconds: whole(0, 86_400, 600, "Off so long after the last press; 0 is never"),
      },
      { additionalProperties: false },
    ),
    clock: Type.Object(
      {
        trust: Type.Enum(["auto", "ntp", "rtc", "manual", "system"], {
          default: "auto",
          description:
            "auto: NTP or the battery clock that the machine began with; ntp: NTP alone; rtc: NTP or " +
            "any battery clock; manual: the administrator's word at each start; system: it is right",
        }),
      },
      { additionalProperties: false },
    ),
    licence: Type.Object(
      {
        file: Type.String({
          default: "",
          description: "A licence that is installed once, when the clock can be trusted",
        }),
        addVendor: Type.Boolean({
          default: false,
          description: "Trust its vendor beside another that is trusted already",
        }),
      },
      { additionalProperties: false },
    ),
    backup: Type.Object(
      {
        keep: whole(1, 1000, 10, "Backups of this box that stay on a USB stick"),
        recipient: Type.String({
          maxLength: 4096,
          default: "",
          description: "Public key (age1...) that backups on a USB stick are encrypted to",
        }),
        passphraseFile: Type.String({
          maxLength: 4096,
          default: "",
          description: "File with the passphrase of backups on a USB stick, in place of that",
        }),
      },
      { additionalProperties: false },
    ),
    flash: Type.Object(
      {
        enduranceTerabytes: whole(
          0,
          1_000_000,
          0,
          "What the maker states that the card takes, in TB written; 0 is not stated",
        ),
      },
      { additionalProperties: false },
    ),
    log: Type.Object(
      {
        level: Type.Enum(["debug", "info", "warn", "error"], {
          default: "info",
          description: "Least important events that are logged",
        }),
        format: Type.Enum(["json", "text"], {
          default: "json",
          description: "json: one object a line, for a log collector; text: for a person",
        }),
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
);

export type Config = Static<typeof ConfigSchema>;
