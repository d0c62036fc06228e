/** A network interface's state, as far as the kernel tells. */
export type LinkState = "up" | "down" | "unknown";

/** What a service manager or the kernel kills a service for. */
export type Killer = "watchdog" | "out of memory";

/** What the panel wants to know of the machine. Each answers at once, from memory or a small file. */
export interface Machine {
  hostname(): string;
  /** Usable addresses, IPv4 first; link-local ones only where there is no other. */
  addresses(): readonly string[];
  link(): LinkState;
  /** Null where the machine has no sensor. */
  temperatureCelsius(): number | null;
  /** Free space where the state is kept, in bytes; null where unknown. */
  freeBytes(): number | null;
  /** Differs from boot to boot; null where unknown. */
  bootId(): string | null;
}
