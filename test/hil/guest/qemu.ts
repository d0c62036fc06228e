import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { PINS } from "../pins.ts";
import { PATH } from "./host-tools.ts";
import type { Image } from "./image.ts";

export interface Machine {
  readonly image: Image;
  /** Its root file system, where changes are to stay; without one they are gone at each start. */
  readonly rootDisk?: string;
  /** Read only. */
  readonly codeDisk?: string;
  /** Outlives the machine: what the guest has written through, also before a power cut. */
  readonly dataDisk?: string;
  /** What its battery clock says at the start, UTC, such as 2040-01-01T00:00:00; the time if not set. */
  readonly clock?: string;
  /** Where the kernel's console goes. */
  readonly serialLog: string;
  /** Where the port to the agent is to be found. */
  readonly agentSocket: string;
  /** Port on this machine's loopback that leads to the guest's 1688. */
  readonly hostPort: number;
  /** Units of systemd that are not to start. */
  readonly withoutUnits?: readonly string[];
}

const KERNEL_ARGUMENTS = [
  "console=ttyS0",
  "root=/dev/vda",
  "rw",
  "net.ifnames=0",
  "mitigations=off",
  "random.trust_cpu=on",
  "tsc=reliable",
  "systemd.show_status=0",
  "panic=-1",
];

/** A running emulator. */
export class Qemu {
  readonly #process: ChildProcess;
  readonly #machine: Machine;

  private constructor(process: ChildProcess, machine: Machine) {
    this.#process = process;
    this.#machine = machine;
  }

  static async start(machine: Machine): Promise<Qemu> {
    // Ends with this process even if that is killed.
    const args = ["--pdeathsig", "KILL", "qemu-system-x86_64", ...qemuArguments(machine)];
    const child = spawn("setpriv", args, {
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...process.env, PATH },
    });
    await once(child, "spawn");
    return new Qemu(child, machine);
  }

  get isRunning(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** What the console has shown. */
  async console(): Promise<string> {
    return readFile(this.#machine.serialLog, "utf8").catch(() => "");
  }

  /** Resolves when it has ended, by itself or by {@link kill}. */
  async ended(): Promise<void> {
    if (this.isRunning) await once(this.#process, "exit");
  }

  async kill(): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.ended();
  }
}

/** An emulator is slower with what newer processors have: programs that find it use it. */
const PROCESSOR = "Nehalem";

function qemuArguments(machine: Machine): string[] {
  return [
    ["-nodefaults", "-no-user-config", "-no-reboot", "-display", "none"],
    ["-machine", "pc", "-accel", "tcg,thread=multi,tb-size=256", "-cpu", PROCESSOR],
    ["-smp", "2", "-m", "1024"],
    ["-kernel", machine.image.kernel, "-initrd", machine.image.initrd],
    ["-append", kernelArguments(machine)],
    ["-serial", `file:${machine.serialLog}`],
    ["-rtc", `base=${machine.clock ?? "utc"}`],
    machine.rootDisk
      ? disk("root", machine.rootDisk, "")
      : disk("root", machine.image.root, "snapshot=on"),
    machine.codeDisk ? disk("code", machine.codeDisk, "readonly=on") : [],
    machine.dataDisk ? disk("data", machine.dataDisk, "") : [],
    ["-netdev", network(machine.hostPort), "-device", "virtio-net-pci,netdev=net"],
    ["-device", "virtio-serial-pci"],
    ["-chardev", `socket,id=agent,path=${machine.agentSocket},server=on,wait=off`],
    ["-device", "virtserialport,chardev=agent,name=hil"],
    ["-object", "rng-random,id=rng,filename=/dev/urandom", "-device", "virtio-rng-pci,rng=rng"],
  ].flat();
}

function kernelArguments({ withoutUnits = [] }: Machine): string {
  const masks = withoutUnits.map((unit) => `systemd.mask=${unit}`);
  return [...KERNEL_ARGUMENTS, `hil.button=${PINS.button.gpio}`, ...masks].join(" ");
}

/**
 * `cache=unsafe` leaves out what guards against a failure of *this* machine. What the guest holds in
 * its own memory is lost when the emulator is killed, as in a power cut; what it wrote out is not.
 */
function disk(id: string, file: string, more: string): string[] {
  const drive = `file=${file},id=${id},if=none,format=raw,cache=unsafe,${more}`.replace(/,$/, "");
  return ["-drive", drive, "-device", `virtio-blk-pci,drive=${id}`];
}

/** The guest reaches nothing; only this machine reaches it. */
function network(hostPort: number): string {
  return `user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:${hostPort}-:1688`;
}
