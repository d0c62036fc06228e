import { isRecordName } from "../../domain/dns-names.ts";
import type { DnsRegistration } from "../../domain/dns-registration.ts";
import type { DnsAccess } from "../../ports/dns.ts";
import type { CmidStore, Json } from "../../ports/store.ts";

/** Name of the document that says what of this host may be out there. */
export const DNS_DOCUMENT = "dns";

/** What may be out there in one domain, and how it can be removed. */
export interface KeptDomain {
  readonly domain: string;
  readonly access: DnsAccess;
  readonly registrations: readonly DnsRegistration[];
}

/** Keeps on flash what was published, so that it can be removed when the configuration changes. */
export class DnsRecordKeeper {
  readonly #store: Pick<CmidStore, "documents" | "commit">;
  readonly #kept = new Map<string, KeptDomain>();

  constructor(store: Pick<CmidStore, "documents" | "commit">) {
    this.#store = store;
    const document = store.documents.get(DNS_DOCUMENT);
    const domains = typeof document === "object" && document !== null ? document : {};
    const list = "domains" in domains ? domains.domains : [];
    for (const each of Array.isArray(list) ? list : []) {
      if (!isKept(each)) continue;
      const registrations = each.registrations.filter(isWritable);
      if (registrations.length > 0) this.#kept.set(each.domain, { ...each, registrations });
    }
  }

  get domains(): readonly KeptDomain[] {
    return [...this.#kept.values()];
  }

  /** Resolves once it is on flash, or it is known that it cannot be: the store tells of that. */
  async keep(kept: KeptDomain): Promise<void> {
    const before = this.#kept.get(kept.domain);
    if (
      before ? JSON.stringify(before) === JSON.stringify(kept) : kept.registrations.length === 0
    ) {
      return;
    }
    if (kept.registrations.length > 0) this.#kept.set(kept.domain, kept);
    else this.#kept.delete(kept.domain);
    const value =
      this.#kept.size > 0 ? ({ domains: this.domains } as unknown as Json) : (null as Json);
    try {
      await this.#store.commit([{ op: "document", name: DNS_DOCUMENT, value }]);
    } catch {
      // DNS must not fail because the flash does.
    }
  }
}

/** Whether it was written by this program; each part is checked again before it gets into an update. */
function isKept(value: unknown): value is KeptDomain {
  if (typeof value !== "object" || value === null) return false;
  const { domain, access, registrations } = value as Partial<Record<keyof KeptDomain, unknown>>;
  return (
    typeof domain === "string" &&
    typeof access === "object" &&
    access !== null &&
    Array.isArray(registrations) &&
    registrations.every(isRegistration)
  );
}

/** What no server can have been told, as its name is none, needs no removal and would hinder that of others. */
function isWritable({ name, target }: DnsRegistration): boolean {
  return isRecordName(name) && isRecordName(target);
}

function isRegistration(value: unknown): value is DnsRegistration {
  if (typeof value !== "object" || value === null) return false;
  const { name, domain, target, port, addresses } = value as Partial<
    Record<keyof DnsRegistration, unknown>
  >;
  return (
    [name, domain, target].every((each) => typeof each === "string") &&
    typeof port === "number" &&
    Array.isArray(addresses) &&
    addresses.every((each) => typeof each === "string")
  );
}
