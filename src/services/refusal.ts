import { KmsError } from "../domain/errors.ts";
import { PROBLEMS, type ProblemDetails, type ProblemName } from "../protocol/problems.ts";

/** A request is refused, by one of the problems of the wire format. */
export class RefusalError extends KmsError {
  readonly code: ProblemName;
  readonly details: ProblemDetails;

  constructor(code: ProblemName, details: ProblemDetails = {}, options?: { cause?: unknown }) {
    super(details.detail ?? PROBLEMS[code][1], options);
    this.code = code;
    this.details = details;
  }
}
