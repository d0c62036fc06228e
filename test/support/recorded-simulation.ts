import { DEFAULT_POLICY } from "../../src/domain/policy.ts";
import { type SimulationPlan, simulate } from "../../src/services/simulation/simulation.ts";
import type { Contact, StatusChange, Timeline } from "../../src/services/simulation/timeline.ts";

/** A simulation with everything that was observed in it. */
export interface Recorded {
  readonly timeline: Timeline;
  readonly contacts: readonly Contact[];
  readonly changes: readonly StatusChange[];
}

export function record(plan: Partial<SimulationPlan> & Pick<SimulationPlan, "story">): Recorded {
  const contacts: Contact[] = [];
  const changes: StatusChange[] = [];
  const timeline = simulate(
    { clients: 25, days: 300, seed: 1, policy: DEFAULT_POLICY, ...plan },
    {
      onContact: (contact) => contacts.push(contact),
      onStatusChange: (change) => changes.push(change),
    },
  );
  return { timeline, contacts, changes };
}

/** Contacts of each client, in order. */
export function byClient(contacts: readonly Contact[]): Map<string, Contact[]> {
  const clients = new Map<string, Contact[]>();
  for (const contact of contacts) {
    const own = clients.get(contact.cmid) ?? [];
    own.push(contact);
    clients.set(contact.cmid, own);
  }
  return clients;
}

/** Times from each contact to the next. */
export function pausesMs(contacts: readonly Contact[]): number[] {
  return contacts.slice(1).map(({ timeMs }, i) => timeMs - (contacts[i]?.timeMs ?? 0));
}
