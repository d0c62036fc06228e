import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { QuotaLimit } from "../../domain/rate-limit.ts";
import { HOUR_MS } from "../../domain/units.ts";
import type { AuditLog } from "../../services/audit/audit-log.ts";
import type { Caller } from "./caller.ts";

const REFUSED = 400;
/**
 * Strangers who are turned away, and tokens that are not made for what they ask, could fill the flash,
 * and drive out of the log what was done before.
 */
const TURNED_AWAY_PER_HOUR = 20;

/** Writes every act that a route names, done or refused, before its answer leaves. */
export function addAuditHook(app: FastifyInstance, audit: Pick<AuditLog, "record">): void {
  const turnedAway = new QuotaLimit(TURNED_AWAY_PER_HOUR, HOUR_MS);
  app.addHook("onSend", async (request, reply) => {
    const act = request.routeOptions.config?.act;
    const { caller } = request;
    // What was turned away for its rate has no caller yet.
    if (act === undefined || !caller) return;
    const isTurnedAway = caller.kind === "nobody" || isRefused(caller, reply);
    if (isTurnedAway && turnedAway.take(caller.name, performance.now()) > 0) return;
    await audit.record({
      actor: caller.name,
      source: caller.source,
      act,
      target: reply.actTarget ?? targetOf(request),
      outcome: outcomeOf(reply),
    });
  });
}

/** What a token asked in vain; the administrator's own failures are few. */
function isRefused({ kind }: Caller, { statusCode }: FastifyReply): boolean {
  return kind === "token" && statusCode >= REFUSED;
}

function outcomeOf({ statusCode, refusal }: FastifyReply): string {
  return statusCode < REFUSED ? "done" : (refusal ?? `status ${statusCode}`);
}

/** An act on one thing names it in its address. */
function targetOf({ params }: FastifyRequest): string | null {
  const [first] = Object.values((params ?? {}) as Record<string, string>);
  return first ?? null;
}
