import { KmsError } from "../domain/errors.ts";

/** A file of the state folder does not hold what it should. */
export class StateDamagedError extends KmsError {
  readonly code = "state-damaged";
  readonly path: string;

  constructor(path: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.path = path;
  }
}

/** The state folder cannot be read or written. */
export class StateNotAccessibleError extends KmsError {
  readonly code = "state-not-accessible";
}

/** The client's private key is missing or unreadable; it is never replaced by itself. */
export class ClientKeyError extends KmsError {
  readonly code = "client-key-unusable";
}

/** Nothing was installed in the state folder, or not this product. */
export class NotInstalledError extends KmsError {
  readonly code = "not-installed";
}

/** No vendor key is pinned for the product. */
export class VendorKeyNeededError extends KmsError {
  readonly code = "vendor-key-needed";
}

/** The text is not an address of a host. */
export class AddressError extends KmsError {
  readonly code = "bad-address";
}

/** Another process changed the state in a way that makes this process's work void. */
export class StateChangedError extends KmsError {
  readonly code = "state-changed";
}
