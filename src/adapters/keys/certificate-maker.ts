import { fork } from "node:child_process";
import { once } from "node:events";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";

const FILE = fileURLToPath(import.meta.url);
/** A small machine takes some seconds to start the program. */
const LONGEST_MS = 60_000;

export interface CertificateOrder {
  /** Host names and addresses; the first is the subject too. */
  readonly names: readonly string[];
  readonly fromMs: number;
  readonly toMs: number;
}

/** Both as PEM. */
export interface MadeCertificate {
  readonly key: string;
  readonly certificate: string;
}

/**
 * Makes a key (ECDSA P-256) and a certificate that it signs itself, in a process that lives for this
 * alone: the library needs more memory than all that the certificate is for.
 */
export async function makeCertificate(order: CertificateOrder): Promise<MadeCertificate> {
  const extension = extname(FILE);
  const child = fork(FILE.replace(/[^/\\]+$/, `certificate-process${extension}`), {
    // A program that was not compiled is run by what compiles it.
    execArgv: extension === ".ts" ? ["--import", "tsx"] : [],
    timeout: LONGEST_MS,
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  child.send(order);
  const [answer] = await Promise.race([
    once(child, "message") as Promise<[MadeCertificate]>,
    once(child, "disconnect").then(() => {
      throw new Error("The process that makes a certificate ended without one.");
    }),
  ]);
  return answer;
}
