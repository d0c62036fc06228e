import { bytesText } from "../../domain/bytes-text.ts";

const FIRST_MS = 2000;
const EACH_MS = 500;
const CLEAR_LINE = "\r\u001b[K";

/**
 * Hands bytes on, and on a terminal says how many went by once that takes more than 2 s.
 *
 * @param done what is done to them, such as "read"
 */
export async function* withProgress(
  chunks: AsyncIterable<Uint8Array>,
  done: string,
  output: NodeJS.WriteStream = process.stderr,
): AsyncGenerator<Uint8Array, void> {
  let nextMs = performance.now() + FIRST_MS;
  let shown = false;
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (output.isTTY && performance.now() > nextMs) {
        output.write(`${CLEAR_LINE}${bytesText(bytes)} ${done}`);
        nextMs = performance.now() + EACH_MS;
        shown = true;
      }
      yield chunk;
    }
  } finally {
    if (shown) output.write(CLEAR_LINE);
  }
}
