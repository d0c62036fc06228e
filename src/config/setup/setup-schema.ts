import { type Static, Type } from "../../protocol/typebox.ts";
import { DnsDomainSchema } from "../schema.ts";

const CLOSED = { additionalProperties: false };

const text = (maxLength: number, description: string) =>
  Type.String({ minLength: 1, maxLength, description });

const texts = (maxItems: number, description: string) =>
  Type.Array(Type.String({ minLength: 1, maxLength: 253 }), { minItems: 1, maxItems, description });

/** One family's fixed address. */
const FixedAddressSchema = Type.Object(
  {
    address: text(64, "ADDRESS/PREFIX such as 192.0.2.10/24"),
    gateway: Type.Optional(text(64, "The router's address; none reaches this network only")),
  },
  CLOSED,
);

const NetworkSchema = Type.Object(
  {
    interface: Type.Optional(text(15, "Such as eth0; else whatever is wired")),
    ipv4: Type.Optional(FixedAddressSchema),
    ipv6: Type.Optional(FixedAddressSchema),
    dnsServers: Type.Optional(texts(6, "Addresses of the network's name servers")),
    searchDomains: Type.Optional(texts(6, "Domains in which short names are looked up")),
  },
  CLOSED,
);

/** The strong algorithms of RFC 8945 that nsupdate takes. */
export const TSIG_ALGORITHMS = ["hmac-sha256", "hmac-sha384", "hmac-sha512"] as const;

const TsigKeySchema = Type.Object(
  {
    name: text(253, "The key's name, as the DNS server knows it"),
    algorithm: Type.Enum([...TSIG_ALGORITHMS], { description: "As the DNS server has it" }),
    secret: Type.Optional(
      Type.String({ maxLength: 512, description: "In base64; the box takes it out of the file" }),
    ),
  },
  CLOSED,
);

const { domain, server, priority, weight, publishAddresses } = DnsDomainSchema.properties;

const SetupDomainSchema = Type.Object(
  {
    domain,
    server,
    priority: Type.Optional(priority),
    weight: Type.Optional(weight),
    publishAddresses: Type.Optional(publishAddresses),
    tsigKey: Type.Optional(TsigKeySchema),
  },
  CLOSED,
);

const LicenceSchema = Type.Object(
  {
    file: Type.Optional(text(255, "Name of the licence's file beside this one")),
    token: Type.Optional(text(65_536, "The licence itself")),
    addVendor: Type.Optional(Type.Boolean({ description: "Trust a second vendor" })),
  },
  CLOSED,
);

const AdministratorSchema = Type.Object(
  {
    user: Type.Optional(text(32, "An account that is there; else the first, number 1000")),
    sshKeys: Type.Array(text(16_384, "A line of an OpenSSH public key"), {
      minItems: 1,
      maxItems: 20,
    }),
  },
  CLOSED,
);

/** Everything that `kms-box.json` may say. Each part may also be null, which undoes it. */
export const SetupSchema = Type.Object(
  {
    _comment: Type.Optional(Type.String({ description: "Anything; the box does not read it" })),
    _taken: Type.Optional(Type.String({ description: "Written by the box" })),
    hostName: Type.Optional(text(63, "The box's name, without a domain")),
    network: Type.Optional(NetworkSchema),
    ntpServers: Type.Optional(texts(8, "Time servers: names or addresses")),
    dnsDomains: Type.Optional(
      Type.Array(SetupDomainSchema, { maxItems: 16, description: "Domains to publish in" }),
    ),
    licence: Type.Optional(LicenceSchema),
    administrator: Type.Optional(AdministratorSchema),
    settings: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), { description: "Options of the configuration" }),
    ),
  },
  CLOSED,
);

export type Setup = Static<typeof SetupSchema>;
export type SetupNetwork = Static<typeof NetworkSchema>;
export type SetupDomain = Static<typeof SetupDomainSchema>;
export type TsigKey = Static<typeof TsigKeySchema>;

/** Parts that null undoes. A host always has a name. */
export const UNDOABLE = [
  "network",
  "ntpServers",
  "dnsDomains",
  "licence",
  "administrator",
  "settings",
] as const;

export type UndoablePart = (typeof UNDOABLE)[number];
