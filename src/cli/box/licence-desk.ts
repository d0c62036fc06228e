import { statSync } from "node:fs";
import { resolve } from "node:path";
import type { OpenBox } from "../../compose-box.ts";
import type { Config } from "../../config/schema.ts";
import type { PublicJwk } from "../../domain/claims.ts";
import { KmsError } from "../../domain/errors.ts";
import { EVENTS } from "../../domain/events.ts";
import type { EventLog } from "../../ports/events.ts";
import { licenceView } from "../../services/licence-views.ts";
import type { LicenceList, LicenceView } from "../../web/api/schemas.ts";
import { remark } from "../support/lines.ts";
import { AdminClient, BoxNotRunningError } from "./admin-client.ts";
import { type BoxFlags, boxConfig, boxFolder } from "./options.ts";
import { startFault } from "./start-fault.ts";

/** Licences of a box, whether it runs or not. */
export interface LicenceDesk {
  /** What the vendor needs. */
  request(): Promise<PublicJwk>;
  list(): Promise<LicenceList>;
  install(token: string, addVendor: boolean): Promise<LicenceView>;
  close(): Promise<void>;
}

/** The state folder is another user's. */
export class FolderOwnerError extends KmsError {
  readonly code = "folder-owner";
}

/** There is no box in that folder. */
export class NoBoxError extends KmsError {
  readonly code = "no-box";
}

/**
 * The running box if one listens, else its state folder, which stays locked until `close`.
 *
 * @param options.make makes the folder if it is missing
 * @throws {NoBoxError} the folder is missing
 * @throws {FolderOwnerError} root asks, and the folder is another user's
 * @throws {StorageLockedError} a box that is starting or stopping holds the folder
 */
export async function openDesk(flags: BoxFlags, options: { make: boolean }): Promise<LicenceDesk> {
  const folder = await boxFolder(flags);
  const client = new AdminClient(folder);
  try {
    await client.licenceRequest();
    return new RunningDesk(client);
  } catch (error) {
    if (!(error instanceof BoxNotRunningError)) throw error;
  }
  if (!requireOwnFolder(folder) && !options.make) {
    throw new NoBoxError(
      `There is no state folder ${resolve(folder)}. Name the box's with --data DIR, or make one by ` +
        '"kms-box licence request".',
    );
  }
  return openFolder(await boxConfig(flags));
}

/**
 * Whether the folder is there; if so, it must be this user's.
 *
 * @throws {FolderOwnerError} root asks, and the folder is another user's
 */
export function requireOwnFolder(folder: string): boolean {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found) requireOwner(resolve(folder), found.uid, process.getuid?.());
  return found !== undefined;
}

/**
 * What root writes into the folder of the box's own user, that user could not read afterwards.
 *
 * @throws {FolderOwnerError}
 */
export function requireOwner(folder: string, owner: number, user: number | undefined): void {
  if (user !== 0 || owner === 0) return;
  throw new FolderOwnerError(
    `${folder} belongs to another user, whose box could not read what root writes there. Run this ` +
      `as that user: sudo -u '#${owner}' kms-box ...`,
  );
}

async function openFolder(config: Config): Promise<LicenceDesk> {
  const { openBox } = await import("../../compose-box.ts");
  try {
    return new StoppedDesk(await openBox(config, TROUBLE_ONLY));
  } catch (error) {
    throw startFault(error, config);
  }
}

/** What a command does shows in its answer; only what is wrong with the folder is said besides. */
const TROUBLE_ONLY: EventLog = {
  record(name, message) {
    const [, level] = EVENTS[name];
    if (level === "warn" || level === "error") remark(message);
  },
};

class RunningDesk implements LicenceDesk {
  readonly #client: AdminClient;

  constructor(client: AdminClient) {
    this.#client = client;
  }

  request(): Promise<PublicJwk> {
    return this.#client.licenceRequest();
  }

  list(): Promise<LicenceList> {
    return this.#client.licences();
  }

  install(token: string, addVendor: boolean): Promise<LicenceView> {
    return this.#client.installLicence({ token, addVendor });
  }

  async close(): Promise<void> {}
}

class StoppedDesk implements LicenceDesk {
  readonly #box: OpenBox;

  constructor(box: OpenBox) {
    this.#box = box;
  }

  async request(): Promise<PublicJwk> {
    return this.#box.signer.publicJwk;
  }

  async list(): Promise<LicenceList> {
    const { signer, licences, clock } = this.#box;
    const { nowMs } = clock.read();
    return {
      host: signer.thumbprint,
      licences: licences.book.licences.map((each) => licenceView(each, nowMs)),
    };
  }

  async install(token: string, addVendor: boolean): Promise<LicenceView> {
    const { licences, clock } = this.#box;
    const { nowMs } = clock.read();
    return licenceView(await licences.install(token, { nowMs, addVendor }), nowMs);
  }

  close(): Promise<void> {
    return this.#box.store.close();
  }
}
