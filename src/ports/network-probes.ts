import type {
  AddressFact,
  LinkFact,
  NameServerFact,
  RouteFacts,
  UseFact,
} from "../domain/doctor/network-facts.ts";

/** What this machine tells of its network. Nothing is changed; each ends within seconds. */
export interface NetworkProbes {
  /** Null where the system does not tell. */
  links(): Promise<readonly LinkFact[] | null>;
  addresses(): Promise<readonly AddressFact[]>;
  /** Asks the link whether another machine has one of the addresses. */
  uses(addresses: readonly AddressFact[]): Promise<readonly UseFact[]>;
  /** Null where the system does not tell. */
  routes(): Promise<RouteFacts | null>;
  /**
   * Asks each of the system's name servers; null where the system does not tell them.
   *
   * @param name what to look up; any answer will do
   */
  nameServers(name: string): Promise<readonly NameServerFact[] | null>;
}
