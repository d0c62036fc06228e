/**
 * Base of every error this program throws on purpose.
 *
 * `code` is stable and meant for scripts; `message` is meant for a person and says what to do.
 */
export abstract class KmsError extends Error {
  abstract readonly code: string;

  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
  }
}
