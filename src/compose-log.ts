import { type Logger, pino } from "pino";
import { textLines } from "./adapters/log/text-lines.ts";
import type { Config } from "./config/schema.ts";

/** Lines are written together, once there are many or some time has passed. */
const LOG_BUFFER = { minLength: 8 * 1024, periodicFlush: 200 };

/** The log on standard output. */
export interface Log {
  readonly logger: Logger;
  /** Writes what is still in memory, at once; a closed pipe has nobody to read it. */
  readonly flush: () => void;
}

/**
 * Writes to standard output, as JSON without waiting for it.
 *
 * @param text takes the lines for a person
 */
export function createLog(
  { log }: Config,
  text: { write(text: string): unknown } = process.stdout,
): Log {
  if (log.format === "text") {
    return {
      logger: pino({ level: log.level }, textLines(text)),
      flush: () => undefined,
    };
  }
  const json = pino.destination({ dest: 1, sync: false, ...LOG_BUFFER });
  const flush = () => {
    try {
      json.flushSync();
    } catch {
      return;
    }
  };
  return { logger: pino({ level: log.level }, json), flush };
}
