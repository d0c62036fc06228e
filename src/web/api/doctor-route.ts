import type { FastifyInstance } from "fastify";
import type { Diagnosis } from "../../domain/doctor/summary.ts";
import { DiagnosisSchema } from "./schemas.ts";

/** Runs the doctor inside the box, which has the credentials and the state. */
export function addDoctorRoute(app: FastifyInstance, examine: () => Promise<Diagnosis>): void {
  let underWay: Promise<Diagnosis> | undefined;
  app.get(
    "/api/v1/doctor",
    { config: { scope: "clients" }, schema: { response: { 200: DiagnosisSchema } } },
    () => {
      // Whoever asks meanwhile gets the same answer: probes must not pile up.
      underWay ??= examine().finally(() => {
        underWay = undefined;
      });
      return underWay;
    },
  );
}
