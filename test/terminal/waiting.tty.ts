import { RawServer } from "../support/raw-server.ts";
import { requireScript, TerminalSession } from "./terminal-session.ts";

const PROGRAM = "node dist/cli/kms-client.js discover --state /nonexistent";

describe("a client that waits, in a terminal", function () {
  this.timeout(30_000);
  before(requireScript);

  it("says for whose answer", async () => {
    const mute = await RawServer.start(() => undefined);
    const session = new TerminalSession(`${PROGRAM} --host 127.0.0.1:${mute.port}`, {
      columns: 80,
      rows: 24,
    });
    try {
      await session.printed(/Waiting for: the answer of 127\.0\.0\.1:\d+ …/);
      await session.printed(/Answer +it did not answer within 10 s/);
    } finally {
      await session.close();
      await mute.stop();
    }
  });
});
