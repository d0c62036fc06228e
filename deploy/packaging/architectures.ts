/** A processor that a package is built for, as Debian calls it. */
export type Architecture = "amd64" | "arm64" | "armhf";

export const ARCHITECTURES: readonly Architecture[] = ["amd64", "arm64", "armhf"];

/** The compiler's package of each, on a machine of amd64. */
export const COMPILERS: Readonly<Record<Architecture, string>> = {
  amd64: "g++",
  arm64: "g++-aarch64-linux-gnu",
  armhf: "g++-arm-linux-gnueabihf",
};

/**
 * The architectures named in a list such as `amd64,arm64`, each once.
 *
 * @throws {PackagingError} for a name that is not known
 */
export function parseArchitectures(list: string): readonly Architecture[] {
  const names = list.split(",").map((name) => name.trim());
  for (const name of names) {
    if (!isArchitecture(name)) {
      throw new PackagingError(
        `${JSON.stringify(name)} is no architecture that a package can be built for: name one or more ` +
          `of ${ARCHITECTURES.join(", ")}, with commas between them.`,
        "usage",
      );
    }
  }
  return ARCHITECTURES.filter((name) => names.includes(name));
}

function isArchitecture(name: string): name is Architecture {
  return (ARCHITECTURES as readonly string[]).includes(name);
}

/** A package cannot be built; the message says why and what to do. */
export class PackagingError extends Error {
  override readonly name = "PackagingError";
  readonly kind: "usage" | "failure";

  constructor(message: string, kind: "usage" | "failure" = "failure", options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
