/** What a vendor's program uses: asks offline whether this machine is activated. */
export type { PublicJwk } from "../domain/claims.ts";
export type { LicenceStatus } from "../domain/status.ts";
export type { CheckAnswer, CheckQuestion, CheckReason } from "./check.ts";
export { checkActivation } from "./check.ts";
