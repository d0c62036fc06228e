import { chmod, rm } from "node:fs/promises";
import fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyReply } from "fastify";
import type { Diagnosis } from "../domain/doctor/summary.ts";
import { KmsError } from "../domain/errors.ts";
import type { LoggedEvent } from "../domain/events.ts";
import type { Signer } from "../ports/keys.ts";
import { selectClients } from "../services/client-list.ts";
import type { ClockDesk } from "../services/clock-desk.ts";
import type { Endings } from "../services/endings.ts";
import type { HealthService } from "../services/health/health-service.ts";
import type { HostClock } from "../services/host-clock.ts";
import type { HostReport } from "../services/host-report.ts";
import { licenceView } from "../services/licence-views.ts";
import type { LicenceService } from "../services/licences.ts";
import type { PanelService } from "../services/panel/panel-service.ts";
import { addBackupRoutes, type BackupParts } from "./admin-backup-routes.ts";
import { addClockRoutes } from "./admin-clock-routes.ts";
import { addDnsRoutes, type DnsPublisher } from "./admin-dns-routes.ts";
import { addDoctorRoute } from "./admin-doctor-route.ts";
import { addHealthRoute } from "./admin-health-route.ts";
import { addPanelRoutes } from "./admin-panel-routes.ts";
import {
  type Accepted,
  AcceptedSchema,
  ClientPageSchema,
  type ClientQuery,
  ClientQuerySchema,
  type EventPage,
  EventPageSchema,
  type EventQuery,
  EventQuerySchema,
  type Install,
  InstallSchema,
  LicenceListSchema,
  LicenceRequestSchema,
  LicenceViewSchema,
  type Status,
  StatusSchema,
} from "./admin-schemas.ts";
import { QUIET } from "./quiet.ts";
import { TYPEBOX_COMPILERS } from "./schema-compilers.ts";

/** What was asked for will be done once this is answered. */
const ACCEPTED = 202;

export interface AdminParts {
  readonly report: HostReport;
  readonly licences: LicenceService;
  readonly clock: HostClock;
  readonly clockDesk: ClockDesk;
  readonly health: Pick<HealthService, "examine">;
  readonly signer: Signer;
  readonly recentEvents: (after: number) => LoggedEvent[];
  readonly status: () => Status;
  readonly endings: Pick<Endings, "requestRestart" | "requestFactoryReset" | "requestPowerOff">;
  /** Absent if the panel is turned off. */
  readonly panel: PanelService | undefined;
  /** Looks for what is wrong with the box and its network; changes nothing. */
  readonly examine: () => Promise<Diagnosis>;
  /** Absent if the box publishes in no domain. */
  readonly dns?: DnsPublisher | undefined;
  readonly backup: BackupParts;
  readonly logger: FastifyBaseLogger;
}

/**
 * What the command line asks a running box, over a Unix socket that only the box's own user may
 * open: whoever can, could read the state folder as well.
 */
export class AdminServer {
  readonly #parts: AdminParts;
  #app: FastifyInstance | undefined;

  constructor(parts: AdminParts) {
    this.#parts = parts;
  }

  /** The caller holds the state folder's lock, so that a socket found there is a dead one's. */
  async start(path: string): Promise<void> {
    await rm(path, { force: true });
    const app = fastify({
      loggerInstance: this.#parts.logger,
      logController: QUIET,
      schemaController: TYPEBOX_COMPILERS,
      forceCloseConnections: true,
      bodyLimit: 128 * 1024,
    });
    this.#app = app;
    app.setErrorHandler((error, _request, reply) => {
      // What the box throws on purpose says why it cannot do this now.
      const refused = error instanceof KmsError;
      const status = refused ? 409 : ((error as { statusCode?: number }).statusCode ?? 500);
      const { code, message } = error as { code?: string; message: string };
      return reply.code(status).send({ error: { code: code ?? "internal-error", message } });
    });
    this.#reads(app);
    this.#licences(app);
    addClockRoutes(app, this.#parts.clockDesk);
    addHealthRoute(app, this.#parts.health);
    addPanelRoutes(app, this.#parts.panel);
    addDnsRoutes(app, this.#parts.dns);
    addBackupRoutes(app, this.#parts.backup);
    addDoctorRoute(app, this.#parts.examine);
    this.#endings(app);
    await app.listen({ path });
    await chmod(path, 0o600);
  }

  async stop(): Promise<void> {
    await this.#app?.close();
  }

  #reads(app: FastifyInstance): void {
    const { report, status, recentEvents } = this.#parts;
    app.get("/api/v1/status", { schema: { response: { 200: StatusSchema } } }, () => status());
    app.get<{ Querystring: ClientQuery }>(
      "/api/v1/clients",
      { schema: { querystring: ClientQuerySchema, response: { 200: ClientPageSchema } } },
      ({ query }) => selectClients(report.clients(), query),
    );
    app.get<{ Querystring: EventQuery }>(
      "/api/v1/events",
      { schema: { querystring: EventQuerySchema, response: { 200: EventPageSchema } } },
      ({ query }): EventPage => ({
        events: recentEvents(query.after)
          .filter(({ name }) => query.name === undefined || name === query.name)
          .map(({ timeMs, ...event }) => ({ ...event, time: new Date(timeMs).toISOString() })),
      }),
    );
  }

  #licences(app: FastifyInstance): void {
    const { licences, clock, signer } = this.#parts;
    app.get("/api/v1/licences", { schema: { response: { 200: LicenceListSchema } } }, () => ({
      host: signer.thumbprint,
      licences: licences.book.licences.map((each) => licenceView(each, clock.read().nowMs)),
    }));
    app.get(
      "/api/v1/licences/request",
      { schema: { response: { 200: LicenceRequestSchema } } },
      () => signer.publicJwk,
    );
    app.post<{ Body: Install }>(
      "/api/v1/licences",
      { schema: { body: InstallSchema, response: { 200: LicenceViewSchema } } },
      async ({ body: { token, addVendor } }) => {
        const { nowMs } = clock.read();
        return licenceView(await licences.install(token, { nowMs, addVendor }), nowMs);
      },
    );
  }

  #endings(app: FastifyInstance): void {
    const { endings } = this.#parts;
    const schema = { response: { [ACCEPTED]: AcceptedSchema } };
    app.post("/api/v1/restart", { schema }, (_request, reply): Accepted => {
      endings.requestRestart("command", sent(reply));
      reply.code(ACCEPTED);
      return { accepted: "restart" };
    });
    app.post("/api/v1/reset", { schema }, async (_request, reply): Promise<Accepted> => {
      await endings.requestFactoryReset("command", sent(reply));
      reply.code(ACCEPTED);
      return { accepted: "factory-reset" };
    });
    app.post("/api/v1/power-off", { schema }, async (_request, reply): Promise<Accepted> => {
      await endings.requestPowerOff("command", sent(reply));
      reply.code(ACCEPTED);
      return { accepted: "power-off" };
    });
  }
}

/** Resolves when the answer is on its way, or nobody waits for it any longer. */
function sent(reply: FastifyReply): Promise<void> {
  return new Promise((resolve) => reply.raw.once("close", () => resolve()));
}
