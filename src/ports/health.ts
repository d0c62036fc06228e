/** Where the state is kept. Null is what this machine does not tell. */
export interface StorageFacts {
  /** The kernel's name of the whole device, such as `mmcblk0`. */
  readonly device: string | null;
  /** The kernel's name of what the file system is on, such as `mmcblk0p2`. */
  readonly fileSystem: string | null;
  /** Bytes written to the device since the machine was started. */
  readonly sinceBootBytes: number | null;
  /** Bytes written to the file system since it was made. */
  readonly lifetimeBytes: number | null;
  /** Errors that the file system has found since it was last checked. */
  readonly errors: number | null;
  /** Whether it is mounted so that nothing can be written. */
  readonly readOnly: boolean | null;
}

/** How the machine is. */
export interface MachineFacts {
  readonly storage: StorageFacts;
  /** Whether the supply voltage is too low now; null where it is not measured. */
  readonly lowVoltage: boolean | null;
  readonly temperatureCelsius: number | null;
  /** Free space where the state is kept. */
  readonly freeBytes: number | null;
  /** Since the machine was started. */
  readonly uptimeMs: number;
}

/** Looks at the machine. */
export interface MachineProbe {
  /** Never rejects. */
  look(): Promise<MachineFacts>;
}
