import { KmsError } from "../domain/errors.ts";

/** The text is not the signed object that was expected. The message says in what. */
export class MalformedTokenError extends KmsError {
  readonly code = "malformed-token";
}
