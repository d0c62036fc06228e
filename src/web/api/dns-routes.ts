import type { FastifyInstance } from "fastify";
import type { DomainReport } from "../../domain/dns-registration.ts";
import { KmsError } from "../../domain/errors.ts";
import type { DnsRegistrationService } from "../../services/dns/registration.ts";
import {
  type DnsAnswer,
  DnsSchema,
  type DnsWithdrawal,
  DnsWithdrawalSchema,
} from "./dns-schemas.ts";

/** Publishing is turned off, or no domain is configured. */
class DnsOffError extends KmsError {
  readonly code = "dns-off";
}

export type DnsPublisher = Pick<DnsRegistrationService, "reports" | "publish" | "withdraw">;

/** Shows the administrator how the box is published, publishes it anew and withdraws it. */
export function addDnsRoutes(app: FastifyInstance, dns: DnsPublisher | undefined): void {
  const existing = () => {
    if (dns) return dns;
    throw new DnsOffError(
      'This box publishes in no domain. Name some as "dns": {"domains": […]} in its configuration, ' +
        "and start it without --no-dns.",
    );
  };
  const schema = { response: { 200: DnsSchema } };
  app.get("/api/v1/dns", { config: { scope: "status" }, schema }, () =>
    dnsAnswer(dns?.reports ?? []),
  );
  app.post(
    "/api/v1/dns/publish",
    { config: { scope: "manage", act: "publish-dns" }, schema },
    async () => dnsAnswer(await existing().publish()),
  );
  app.post<{ Body: DnsWithdrawal }>(
    "/api/v1/dns/withdraw",
    {
      config: { scope: "manage", act: "withdraw-dns" },
      schema: { ...schema, body: DnsWithdrawalSchema },
    },
    async ({ body }) => dnsAnswer(await existing().withdraw(body.domain)),
  );
}

function dnsAnswer(reports: readonly DomainReport[]): DnsAnswer {
  return { domains: reports.map(domainAnswer) };
}

function domainAnswer({ registration, server, rivals, state }: DomainReport) {
  const { name, domain, target, port, priority, weight, ttlSeconds, addresses } = registration;
  const time = (ms: number) => new Date(ms).toISOString();
  return {
    domain,
    name,
    target,
    port,
    priority,
    weight,
    ttlSeconds,
    addresses: [...addresses],
    server,
    rivals: rivals.map((rival) => ({ ...rival })),
    state: state.state,
    since: "sinceMs" in state ? time(state.sinceMs) : null,
    checked: "checkedMs" in state ? time(state.checkedMs) : null,
    seenBySystem: "seenBySystem" in state ? state.seenBySystem : null,
    code: "code" in state ? state.code : null,
    reason: "reason" in state ? state.reason : null,
    retry: "retryMs" in state ? time(state.retryMs) : null,
  };
}
