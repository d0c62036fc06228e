import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClientNotice, type ClientOptions, KmsClient } from "../../src/client/client.ts";
import { findersFor } from "../../src/client/finders.ts";
import { parseHostAddress } from "../../src/client/host-address.ts";
import type { MachineIdentifiers } from "../../src/client/machine.ts";
import { StateFolder } from "../../src/client/state-folder.ts";
import type { ClientSystem } from "../../src/client/system.ts";
import { httpTransport } from "../../src/client/transport.ts";

/** A machine whose clocks and identifiers a test sets. */
export class FakeMachine implements ClientSystem {
  wallMs = Date.UTC(2030, 0, 1);
  upMs = 5 * 60_000;
  ids: MachineIdentifiers = { hardware: ["board-1"], os: ["os-1"], network: [] };
  readonly hostname = "pc-17.office.example";
  readonly randomBytes = randomBytes;
  readonly clock = { nowMs: () => this.wallMs, monotonicMs: () => this.upMs };

  random(): number {
    return 0;
  }

  async identifiers(): Promise<MachineIdentifiers> {
    return this.ids;
  }

  /** Lets time pass, for both clocks. */
  pass(durationMs: number): void {
    this.wallMs += durationMs;
    this.upMs += durationMs;
  }

  /** Switched off for that long, then on again. */
  reboot(offMs: number): void {
    this.wallMs += offMs;
    this.upMs = 0;
  }
}

/** A client in a folder of its own, on a machine of its own. */
export class ClientRig {
  readonly machine = new FakeMachine();
  readonly notices: ClientNotice[] = [];
  readonly folder: StateFolder;
  readonly base: string;

  private constructor(base: string) {
    this.base = base;
    this.folder = new StateFolder(join(base, "state"));
  }

  static async make(): Promise<ClientRig> {
    return new ClientRig(await mkdtemp(join(tmpdir(), "kms-client-")));
  }

  /** A client that always asks this address; as after a restart of the program. */
  client(address: string, over: Partial<ClientOptions> = {}): KmsClient {
    const configured = parseHostAddress(address);
    const options: ClientOptions = {
      folder: this.folder,
      system: this.machine,
      finders: ({ cached }) => findersFor({ configured, cached, mdns: false, random: () => 0 }),
      transport: httpTransport({ timeoutMs: 2000 }),
      ...over,
    };
    return new KmsClient(options, (notice) => this.notices.push(notice));
  }

  async remove(): Promise<void> {
    await rm(this.base, { recursive: true, force: true });
  }
}
