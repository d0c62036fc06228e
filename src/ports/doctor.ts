import type { HostPlace, Meeting } from "../domain/doctor/dns-facts.ts";
import type { TimeServerFact } from "../domain/doctor/time-judgements.ts";

/** Asks hosts who they are. */
export interface HostMeeter {
  /**
   * Asks `GET /v1/host`; ends within seconds and does not reject.
   *
   * @param server `ADDRESS#PORT` of the name server that knows the target; else the system's
   */
  meet(place: HostPlace, server?: string): Promise<Meeting>;
}

/** Looks names up, at a server of one's choice. */
export interface NameLookup {
  /**
   * IPv4 and IPv6 addresses of a name; none if it has none or nobody answers.
   *
   * @param server `ADDRESS#PORT`; else the system's
   */
  addressesOf(name: string, server?: string): Promise<readonly string[]>;
}

/** Asks the machine's time servers. */
export interface TimeServers {
  ask(): Promise<readonly TimeServerFact[]>;
}
