import type { HostPlace, Meeting, SrvAnswer } from "../domain/doctor/dns-facts.ts";
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
   * @param server `ADDRESS#PORT`, or its address alone; else the system's
   */
  addressesOf(name: string, server?: string): Promise<readonly string[]>;
  /**
   * SRV records under a name, as each of the machine's own name servers has them; does not reject.
   *
   * @param server the only one to ask, as above
   */
  hostsUnder(name: string, server?: string): Promise<readonly SrvAnswer[]>;
}

/** Asks the machine's time servers. */
export interface TimeServers {
  ask(): Promise<readonly TimeServerFact[]>;
}
