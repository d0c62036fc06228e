import { KmsError } from "../../domain/errors.ts";
import { EXIT } from "../support/run-program.ts";

/** Exit status of each error that scripts tell apart; any other is 1. */
export const CLIENT_EXIT_STATUSES: Readonly<Record<string, number>> = Object.freeze({
  "bad-address": EXIT.usage,
  "vendor-key-needed": EXIT.usage,
  "not-installed": EXIT.usage,
  "count-below-threshold": 3,
  "host-not-found": 4,
  "host-unreachable": 4,
  "not-trusted": 5,
});

/** A command was carried out, but the answer is no. */
export class NotActivatedError extends KmsError {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
