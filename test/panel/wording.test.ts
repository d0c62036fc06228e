import assert from "node:assert/strict";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../src/domain/units.ts";
import { ago, hostUrl, minutesLeft, secondsLeft } from "../../src/panel/wording.ts";

describe("The panel's words", () => {
  it("tell how long ago, coarsely", () => {
    const texts = [0, MINUTE_MS - 1, MINUTE_MS, HOUR_MS, 47 * HOUR_MS, 2 * DAY_MS, 400 * DAY_MS];
    assert.deepEqual(
      texts.map((ms) => ago(ms, 0)),
      ["just now", "just now", "1 min ago", "1 h ago", "47 h ago", "2 d ago", "400 d ago"],
    );
  });

  it("do not tell of a future after the clock was set back", () => {
    assert.equal(ago(0, DAY_MS), "just now");
  });

  it("round what is left up, so that 0 is never shown too early", () => {
    assert.deepEqual(
      [1, 1000, 1001, 0, -5, Number.POSITIVE_INFINITY].map(secondsLeft),
      [1, 1, 2, 0, 0, 0],
    );
    assert.deepEqual([MINUTE_MS, MINUTE_MS + 1, 5 * MINUTE_MS].map(minutesLeft), [
      "under 1 min",
      "2 min",
      "5 min",
    ]);
  });

  it("name a page for a phone by the first address of four numbers", () => {
    const network = { hostname: "kms-box", link: "up", port: 1688, webPort: 80 } as const;
    const addresses = ["2001:db8::1", "10.0.0.5", "10.0.0.6"];
    assert.equal(hostUrl({ ...network, addresses }), "http://10.0.0.5/");
    assert.equal(hostUrl({ ...network, addresses, webPort: 8080 }), "http://10.0.0.5:8080/");
    const unserved = hostUrl({ ...network, addresses, webPort: null });
    assert.equal(unserved, "http://10.0.0.5:1688/v1/host");
    assert.equal(hostUrl({ ...network, addresses: ["2001:db8::1"] }), undefined);
  });
});
