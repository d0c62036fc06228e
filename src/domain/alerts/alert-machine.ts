import { ALERT_KINDS, type Alert, type Condition } from "./alert.ts";

/** One moment on both clocks: what must last is held to the one that never steps. */
export interface AlertMoment {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

/** A condition that was told and is not over. To be kept for good. */
export interface RaisedAlert extends Condition {
  readonly sinceMs: number;
  /** When it was told last. */
  readonly toldMs: number;
}

/** What alerts stand, and what is on the way to be told. */
export interface AlertState {
  readonly raised: ReadonlyMap<string, RaisedAlert>;
  /** Wrong, but not for long enough to be told. */
  readonly rising: ReadonlyMap<string, AlertMoment>;
  /** Told and over, but not for long enough to be told; since when by the monotonic clock. */
  readonly falling: ReadonlyMap<string, number>;
}

export interface Observation {
  readonly conditions: readonly Condition[];
  /** Keys and kinds of what cannot be judged now, which stay as they are. */
  readonly unjudged: ReadonlySet<string>;
}

export type AlertTold = Omit<Alert, "id" | "atMs">;

export function initialAlerts(raised: readonly RaisedAlert[] = []): AlertState {
  return {
    raised: new Map(raised.map((each) => [each.key, each])),
    rising: new Map(),
    falling: new Map(),
  };
}

/**
 * What is to be told after a look at the box.
 *
 * @param remindMs how often what stays wrong is told again; infinite for never
 */
export function stepAlerts(
  state: AlertState,
  { conditions, unjudged }: Observation,
  now: AlertMoment,
  remindMs: number,
): { readonly state: AlertState; readonly told: readonly AlertTold[] } {
  const raised = new Map(state.raised);
  const rising = new Map<string, AlertMoment>();
  const falling = new Map<string, number>();
  const told: AlertTold[] = [];
  for (const condition of conditions) {
    const { key } = condition;
    const standing = raised.get(key);
    if (standing) {
      const step = stillWrong(standing, condition, now, remindMs);
      raised.set(key, step.raised);
      if (step.news) told.push(newsOf(step.news, step.raised));
      continue;
    }
    const since = state.rising.get(key) ?? now;
    if (now.monotonicMs - since.monotonicMs < ALERT_KINDS[condition.kind].raiseMs) {
      rising.set(key, since);
      continue;
    }
    const risen = { ...condition, sinceMs: since.wallMs, toldMs: now.wallMs };
    raised.set(key, risen);
    told.push(newsOf("raised", risen));
  }
  const present = new Set(conditions.map(({ key }) => key));
  for (const standing of state.raised.values()) {
    const { key, kind } = standing;
    if (present.has(key) || unjudged.has(key) || unjudged.has(kind)) continue;
    const since = state.falling.get(key) ?? now.monotonicMs;
    if (now.monotonicMs - since < ALERT_KINDS[kind].clearMs) {
      falling.set(key, since);
      continue;
    }
    raised.delete(key);
    const { severity, sinceMs, over } = standing;
    const remedy = "Nothing is to be done.";
    told.push({ news: "resolved", key, kind, severity, sinceMs, sentence: over, remedy });
  }
  return { state: { raised, rising, falling }, told };
}

function stillWrong(
  standing: RaisedAlert,
  condition: Condition,
  { wallMs }: AlertMoment,
  remindMs: number,
): { readonly raised: RaisedAlert; readonly news?: "raised" | "reminder" } {
  const { sinceMs, toldMs } = standing;
  if (condition.stage > standing.stage) {
    return { raised: { ...condition, sinceMs, toldMs: wallMs }, news: "raised" };
  }
  // A clock that was set back must not keep reminders away for years.
  if (wallMs < toldMs) return { raised: { ...standing, toldMs: wallMs } };
  // Figures in its sentence change all the time, and what stands is on flash: it stays as it was told.
  if (wallMs - toldMs < remindMs) return { raised: standing };
  // What became less grave was told as graver, and is not told as news if it becomes so again.
  const { stage } = standing;
  return { raised: { ...condition, stage, sinceMs, toldMs: wallMs }, news: "reminder" };
}

function newsOf(news: AlertTold["news"], standing: RaisedAlert): AlertTold {
  const { key, kind, severity, sinceMs, sentence, remedy } = standing;
  return { news, key, kind, severity, sinceMs, sentence, remedy };
}
