import type { Policy } from "../../domain/policy.ts";
import { DAY_MS } from "../../domain/units.ts";

export const STORY_NAMES = ["decommission", "lapse", "growth"] as const;
export type StoryName = (typeof STORY_NAMES)[number];

/** What is done to the network from outside, at a time since the start. */
export type Happening =
  /** Clients are installed, evenly over the given time. */
  | {
      readonly kind: "join";
      readonly atMs: number;
      readonly clients: number;
      readonly overMs: number;
    }
  /** Clients are switched off for good, those that were installed first. */
  | { readonly kind: "leave"; readonly atMs: number; readonly clients: number };

/** How a story is to be played. */
export interface StoryPlan {
  readonly clients: number;
  readonly policy: Policy;
  /** Day on which new clients replace those that left, in stories where they do. */
  readonly joinDay?: number;
}

export interface Story {
  /** One sentence for a person. */
  readonly summary: string;
  readonly fewestClients: number;
  readonly usualClients: number;
  readonly usualDays: number;
  /** Activation threshold of the product. */
  threshold(plan: StoryPlan): number;
  /** The day on which clients join again unless the plan says; undefined if none do. */
  usualJoinDay(plan: StoryPlan): number | undefined;
  happenings(plan: StoryPlan): readonly Happening[];
}

const LEAVING = 2;
const LEAVE_AFTER_MS = 14 * DAY_MS;
const GROWTH_MS = 14 * DAY_MS;

/** Beyond these, days full of retries take too long to simulate for it to be usual. */
export const MOST_TO_LAPSE = 100;

/** All clients are needed to reach the threshold; two leave, and the count falls short. */
const decline = {
  fewestClients: LEAVING + 1,
  usualClients: 25,
  threshold: ({ clients }: StoryPlan) => clients,
};

function startAndLeave({ clients }: StoryPlan): Happening[] {
  return [
    { kind: "join", atMs: 0, clients, overMs: DAY_MS },
    { kind: "leave", atMs: LEAVE_AFTER_MS, clients: LEAVING },
  ];
}

/**
 * The day after every client lost its activation: leases are issued until those that left are
 * discarded, at the latest. With many clients it is the day after all have begun to retry.
 */
function dayOfReturn({ clients, policy }: StoryPlan): number {
  const discardedMs = LEAVE_AFTER_MS + policy.cmidRetentionMs;
  const afterMs = clients > MOST_TO_LAPSE ? policy.renewalIntervalMs : policy.activationValidityMs;
  return Math.ceil((discardedMs + afterMs) / DAY_MS) + 1;
}

export const STORIES: { readonly [K in StoryName]: Story } = {
  decommission: {
    ...decline,
    summary: "two of the clients leave, the count falls below the threshold, two new ones join",
    usualDays: 250,
    usualJoinDay: dayOfReturn,
    happenings: (plan) => {
      const atMs = ((plan.joinDay ?? dayOfReturn(plan)) - 1) * DAY_MS;
      return [...startAndLeave(plan), { kind: "join", atMs, clients: LEAVING, overMs: 0 }];
    },
  },
  lapse: {
    ...decline,
    summary: "two of the clients leave and nobody replaces them",
    usualDays: 270,
    usualJoinDay: () => undefined,
    happenings: startAndLeave,
  },
  growth: {
    summary: "clients are installed one after another until a new network reaches its threshold",
    fewestClients: 1,
    usualClients: 40,
    usualDays: 42,
    threshold: ({ policy }) => policy.activationThreshold,
    usualJoinDay: () => undefined,
    happenings: ({ clients }) => [{ kind: "join", atMs: 0, clients, overMs: GROWTH_MS }],
  },
};
