/** As Node names them, and as Debian does. */
const NAMES: Readonly<Record<string, string>> = { x64: "amd64", arm: "armhf" };

/** What Debian calls the architecture that Node was built for. */
export function debianArchitecture(arch: string): string {
  return NAMES[arch] ?? arch;
}
