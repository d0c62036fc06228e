import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Ways in which a new version may turn out to be of no use, for trying a rollback. */
export const FAULTS = ["hang", "migrate"] as const;

export type Fault = (typeof FAULTS)[number];

const WHEN_SERVING = 'if (process.argv[2] === "serve")';

/** What the program does instead of serving. */
const CODE: Readonly<Record<Fault, string>> = {
  hang: `${WHEN_SERVING} await new Promise(() => setInterval(() => {}, 60_000));`,
  // As a version whose rows the former one cannot read, and which fails after it has written them.
  migrate: `${WHEN_SERVING} {
  const fs = await import("node:fs");
  process.chdir("/var/lib/kms-box");
  for (const name of fs.readdirSync(".").filter((file) => /^(state|journal)\\./.test(file))) {
    fs.writeFileSync(name, fs.readFileSync(name, "utf8").replace(/"schema":\\d+/, '"schema":99'));
  }
  console.error("Error: broken on purpose, after a migration");
  process.exit(1);
}`,
};

/** Breaks a staged program on purpose; its other commands go on working. */
export async function breakProgram(program: string, fault: Fault): Promise<void> {
  const file = join(program, "dist/cli/kms-box.js");
  const [first, ...rest] = (await readFile(file, "utf8")).split("\n");
  await writeFile(file, [first, CODE[fault], ...rest].join("\n"));
}
