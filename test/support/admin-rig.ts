import { createHash, randomBytes } from "node:crypto";
import { sha256 } from "../../src/platform/ed25519.ts";
import type { AuditFile } from "../../src/ports/audit.ts";
import type { PasswordDigest, PasswordHasher } from "../../src/ports/password.ts";
import type { CmidStore } from "../../src/ports/store.ts";
import { Administration } from "../../src/services/admin/administration.ts";
import { Password } from "../../src/services/admin/password.ts";
import { Sessions } from "../../src/services/admin/sessions.ts";
import { ApiTokens } from "../../src/services/admin/tokens.ts";
import { AdminCodes } from "../../src/services/admin-codes.ts";
import { AuditLog } from "../../src/services/audit/audit-log.ts";
import { SCOPES, type Scope } from "../../src/web/api/access.ts";
import type { AdminParts } from "../../src/web/api/admin-parts.ts";
import type { FakeClock } from "./fake-clock.ts";
import type { RecordedEvents } from "./recorded-events.ts";

export interface AdminHost {
  readonly store: CmidStore;
  readonly clock: FakeClock;
  readonly events: RecordedEvents;
}

/** Digests at once what the real one takes 32 MiB for; counts what is under way. */
export class QuickHasher implements PasswordHasher {
  most = 0;
  #underWay = 0;

  async digest(password: string): Promise<PasswordDigest> {
    return this.#counted({
      algorithm: "scrypt",
      ...{ N: 2, r: 1, p: 1 },
      salt: "",
      hash: createHash("sha256").update(password).digest("base64url"),
    });
  }

  async matches(password: string, { hash }: PasswordDigest): Promise<boolean> {
    return (await this.digest(password)).hash === hash;
  }

  async #counted<T>(value: T): Promise<T> {
    this.#underWay++;
    this.most = Math.max(this.most, this.#underWay);
    await new Promise((resolve) => setImmediate(resolve));
    this.#underWay--;
    return value;
  }
}

export const hashText = (text: string) => createHash("sha256").update(text).digest("hex");

/** The audit log's lines in memory. */
export class MemoryAuditFile implements AuditFile {
  text = "";
  aside: string | undefined;
  failure: Error | undefined;

  async *lines(): AsyncGenerator<string> {
    yield* this.text.split("\n").slice(0, -1);
  }

  async isFull(): Promise<boolean> {
    return false;
  }

  async letGo(): Promise<void> {
    this.text = "";
  }

  async append(line: string): Promise<void> {
    if (this.failure) throw this.failure;
    this.text += `${line}\n`;
  }

  async cutTail(): Promise<number> {
    const end = this.text.lastIndexOf("\n") + 1;
    const cut = this.text.length - end;
    this.text = this.text.slice(0, end);
    return cut;
  }

  async putAside(): Promise<void> {
    this.aside = this.text;
    this.text = "";
  }
}

/** All that lets administrators in, on a host's fakes. */
export class AdminRig implements AdminParts {
  readonly hasher = new QuickHasher();
  readonly codes: AdminCodes;
  readonly password: Password;
  readonly sessions: Sessions;
  readonly administration: Administration;
  readonly tokens: ApiTokens<Scope>;
  readonly auditFile = new MemoryAuditFile();
  readonly audit: AuditLog;
  readonly certificates: AdminParts["certificates"] = () => undefined;

  constructor({ store, clock, events }: AdminHost) {
    this.codes = new AdminCodes({ clock, randomBytes, sha256, log: events });
    this.password = new Password({ store, hasher: this.hasher });
    this.sessions = new Sessions({ clock, randomBytes, sha256 });
    const { password, sessions, codes } = this;
    this.administration = new Administration({ password, sessions, codes, clock, events });
    const time = () => clock.nowMs();
    this.audit = new AuditLog({
      file: this.auditFile,
      store,
      events,
      afterRestore: false,
      time: () => clock.nowMs(),
      hash: hashText,
    });
    this.tokens = new ApiTokens({ store, events, randomBytes, sha256, scopes: SCOPES, time });
  }
}
