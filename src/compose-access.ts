import { randomBytes } from "node:crypto";
import { ScryptHasher } from "./adapters/keys/scrypt-hasher.ts";
import { AuditLogFile } from "./adapters/log/audit-log-file.ts";
import { NodeClock } from "./adapters/system/node-clock.ts";
import type { OpenBox } from "./compose-box.ts";
import type { Config } from "./config/schema.ts";
import { sha256 } from "./platform/ed25519.ts";
import type { Certificates } from "./ports/certificate.ts";
import { Administration } from "./services/admin/administration.ts";
import { Password } from "./services/admin/password.ts";
import { Sessions } from "./services/admin/sessions.ts";
import { ApiTokens } from "./services/admin/tokens.ts";
import { AdminCodes } from "./services/admin-codes.ts";
import { AuditLog } from "./services/audit/audit-log.ts";
import { SCOPES } from "./web/api/access.ts";
import type { AdminParts } from "./web/api/admin-parts.ts";

/** Who may administer the box. */
export interface Access {
  /** Shown by the panel, and given to claim the box. */
  readonly codes: AdminCodes;
  readonly admin: AdminParts;
  /** What serves the administration has a certificate. */
  provides(certificates: Certificates): void;
}

/** What both the socket and the pages let administrators in by. */
export function composeAccess({ data }: Config, box: OpenBox): Access {
  const { store, events, clock, afterRestore } = box;
  const nodeClock = new NodeClock();
  const codes = new AdminCodes({ clock: nodeClock, randomBytes, sha256, log: events });
  const administration = new Administration({
    password: new Password({ store, hasher: new ScryptHasher() }),
    sessions: new Sessions({ clock: nodeClock, randomBytes, sha256 }),
    codes,
    clock: nodeClock,
    events,
  });
  const tokens = new ApiTokens({
    store,
    events,
    randomBytes,
    sha256,
    scopes: SCOPES,
    time: () => clock.read().nowMs,
  });
  const audit = new AuditLog({
    file: new AuditLogFile(data),
    store,
    events,
    afterRestore,
    time: () => clock.read().nowMs,
    hash: (text) => Buffer.from(sha256(Buffer.from(text))).toString("hex"),
  });
  let provided: Certificates | undefined;
  return {
    codes,
    admin: { administration, tokens, audit, certificates: () => provided },
    provides: (certificates) => {
      provided = certificates;
    },
  };
}
