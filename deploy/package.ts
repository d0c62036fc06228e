import { join, relative, resolve } from "node:path";
import { Command, CommanderError, Option } from "commander";
import {
  ARCHITECTURES,
  type Architecture,
  PackagingError,
  parseArchitectures,
} from "./packaging/architectures.ts";
import { type BuiltPackage, buildPackages } from "./packaging/build.ts";
import { FAULTS, type Fault } from "./packaging/faults.ts";

const PROJECT = join(import.meta.dirname, "..");
const DEFAULT_OUT = "build/packages";

const HELP = `
Needs mmdebstrap and dpkg-deb, the npm registry, and Debian's mirror when the native addons are
compiled, which is done once and kept. Progress goes to standard error.

Exit status: 0 built, 1 failed, 2 wrong usage.

Examples:
  npm run package
  npm run package -- --arch arm64 --out /tmp/packages`;

interface Flags {
  readonly arch: readonly Architecture[];
  readonly out: string;
  readonly json?: boolean;
  readonly version?: string;
  readonly fault?: Fault;
}

async function main(flags: Flags): Promise<void> {
  const { arch, out, json = false, version, fault } = flags;
  const began = performance.now();
  const seconds = () => ((performance.now() - began) / 1000).toFixed(0).padStart(4);
  const packages = await buildPackages({
    project: PROJECT,
    architectures: arch,
    out: resolve(out),
    version,
    fault,
    progress: (line) => process.stderr.write(`${seconds()} s  ${line}\n`),
  });
  process.stdout.write(json ? `${JSON.stringify({ packages }, null, 2)}\n` : table(packages));
}

function parseVersion(text: string): string {
  if (/^\d+\.\d+\.\d+$/.test(text)) return text;
  throw new PackagingError(`${text} is no version: it is three numbers, as 0.1.1.`, "usage");
}

function table(packages: readonly BuiltPackage[]): string {
  const lines = packages.map(
    ({ file, bytes }) => `${relative(process.cwd(), file)}  ${(bytes / 1e6).toFixed(1)} MB\n`,
  );
  return lines.join("");
}

const program = new Command("package")
  .description("build the Debian packages of the box")
  .option("--arch <list>", "for these processors", parseArchitectures, ARCHITECTURES)
  .option("--out <dir>", "where to put them", DEFAULT_OUT)
  .option(
    "--version <n.n.n>",
    "number it so, to try an upgrade (default: as package.json)",
    parseVersion,
  )
  .addOption(new Option("--fault <kind>", "break it on purpose, to try a rollback").choices(FAULTS))
  .option("--json", "tell what was built as JSON, errors too")
  .addHelpText("after", HELP)
  .exitOverride()
  .configureOutput({ outputError: () => undefined })
  .action(main);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error as Error);
}

function report(error: Error): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  const message = error.message.replace(/^error: /, "");
  if (process.argv.includes("--json")) {
    process.stdout.write(`${JSON.stringify({ error: { message } })}\n`);
  } else {
    process.stderr.write(`Error: ${message}\n`);
  }
  const isUsage =
    error instanceof PackagingError ? error.kind === "usage" : error instanceof CommanderError;
  return isUsage ? 2 : 1;
}
