import { chmod, mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { KerberosTickets } from "../../src/adapters/dns/kerberos.ts";
import { NsupdateRegistrar } from "../../src/adapters/dns/nsupdate-registrar.ts";
import { NodeClock } from "../../src/adapters/system/node-clock.ts";
import type { DnsRegistration } from "../../src/domain/dns-registration.ts";
import { furnish } from "../support/namespace.ts";
import { SAMBA_FOLDERS, SambaDc } from "../support/samba-dc.ts";

export const DC_ADDRESS = "10.53.0.1";
export const BIND_ADDRESS = "10.53.0.2";
export const BOX_ADDRESS = "10.53.0.20";
export const AD_DOMAIN = "ad.office.test";
/** A second realm with a name server of its own, neither known to Active Directory. */
export const LAB_REALM = "LAB.TEST";
export const LAB_DOMAIN = "lab.test";

/** Active Directory is found by its DNS; it is what this machine asks. The other one is not. */
const KRB5_CONF = `[libdefaults]
  default_realm = AD.OFFICE.TEST
[realms]
  ${LAB_REALM} = {
    kdc = ${BIND_ADDRESS}
  }
[domain_realm]
  .${LAB_DOMAIN} = ${LAB_REALM}
`;

let furnished: Promise<string> | undefined;
let controller: Promise<SambaDc> | undefined;

/** Makes the office that all suites of this process share; resolves to a folder for their files. */
export function furnishOffice(): Promise<string> {
  furnished ??= furnishNow();
  return furnished;
}

/** The domain controller of the office, for all suites. */
export function activeDirectory(): Promise<SambaDc> {
  controller ??= furnishOffice().then(() => SambaDc.provision(DC_ADDRESS));
  return controller;
}

after(async () => (await controller)?.stop());

async function furnishNow(): Promise<string> {
  await furnish({
    hostname: "kms",
    serverAddresses: [DC_ADDRESS, BIND_ADDRESS],
    boxAddress: `${BOX_ADDRESS}/24`,
    // A folder of its own, unless this project stands there.
    folders: [...SAMBA_FOLDERS, ...(process.cwd().startsWith("/tmp/") ? [] : ["/tmp"])],
    etc: {
      hosts: "127.0.0.1 localhost\n",
      "resolv.conf": `search ${AD_DOMAIN}\nnameserver ${DC_ADDRESS}\n`,
      "krb5.conf": KRB5_CONF,
    },
  });
  await chmod("/tmp", 0o1777);
  return mkdtemp(join("/tmp", "office-"));
}

export function tickets(lifeSeconds?: number): KerberosTickets {
  return new KerberosTickets({
    clock: new NodeClock(),
    ...(lifeSeconds === undefined ? {} : { lifeSeconds }),
  });
}

/** Who publishes, and whether beside others. */
export interface Publisher {
  readonly keytab?: string;
  readonly principal?: string;
  readonly coexist?: boolean;
  readonly server?: string;
  readonly source?: KerberosTickets;
}

export function registrar(publisher: Publisher): NsupdateRegistrar {
  const { coexist = false, source = tickets(), ...access } = publisher;
  return new NsupdateRegistrar({ access, coexist, tickets: source });
}

/** What a box wants to be published in the domain of the controller. */
export function wish(overrides: Partial<DnsRegistration> = {}): DnsRegistration {
  const domain = overrides.domain ?? AD_DOMAIN;
  return {
    name: `_vlmcs._tcp.${domain}`,
    domain,
    target: `kms.${domain}`,
    port: 1688,
    priority: 0,
    weight: 100,
    ttlSeconds: 3600,
    addresses: [],
    ...overrides,
  };
}

/** What an error must be, for `assert.rejects`. */
export function failure(code: string, message: RegExp): { code: string; message: RegExp } {
  return { code, message };
}
