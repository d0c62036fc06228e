import assert from "node:assert/strict";
import decodeQR from "qr/decode.js";
import { formatAdminCode } from "../../src/panel/admin-code.ts";
import { drawScreen } from "../../src/panel/draw-screen.ts";
import type { Framebuffer } from "../../src/panel/framebuffer.ts";
import { panelFacts } from "../support/panel-facts.ts";
import { reads, readsAtAnyScale } from "./reading.ts";
import { COUNT_PAGE, counted, FAULT_PAGE, faulty, page, SHORT, SIZES, TALL } from "./screens.ts";

const NETWORK_PAGE = page({ page: "network" });

/** What a phone's camera makes of the display, a few pixels for each of its own. */
function photograph(picture: Framebuffer, scale = 4) {
  const width = picture.width * scale;
  const height = picture.height * scale;
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      const lit = picture.get(Math.floor(x / scale), Math.floor(y / scale));
      data.fill(lit ? 255 : 0, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  }
  return { width, height, data };
}

describe("A drawn screen", () => {
  it("tells the count against the threshold, and what that means", () => {
    for (const size of SIZES) {
      const none = drawScreen(COUNT_PAGE, counted(0), size);
      assert.ok(readsAtAnyScale(none, "0"));
      assert.ok(readsAtAnyScale(none, "of 25"));
      assert.ok(reads(none, "NEEDS 25 MORE"));
      const all = drawScreen(COUNT_PAGE, counted(25), SHORT);
      assert.ok(reads(all, "25", 4));
      assert.ok(reads(all, "of 25"));
      assert.ok(reads(all, "ACTIVATING"));
    }
  });

  it("gives the count more than half of the display's height", () => {
    assert.ok(reads(drawScreen(COUNT_PAGE, counted(25), TALL), "25", 5));
    assert.ok(reads(drawScreen(COUNT_PAGE, counted(25), SHORT), "25", 4));
  });

  it("tells a count of six digits against a threshold of six digits", () => {
    for (const size of SIZES) {
      const picture = drawScreen(COUNT_PAGE, counted(123_456, 999_999), size);
      assert.ok(readsAtAnyScale(picture, "123456"));
      assert.ok(readsAtAnyScale(picture, "999999"));
    }
  });

  it("carries a code with which a phone opens the page", () => {
    for (const [address, port, webPort, url] of [
      ["10.0.0.5", 1688, 80, "http://10.0.0.5/"],
      ["192.168.178.210", 1688, 8080, "http://192.168.178.210:8080/"],
      ["255.255.255.255", 65_535, null, "http://255.255.255.255:65535/v1/host"],
    ] as const) {
      const served = { link: "up", port, webPort } as const;
      const network = { hostname: "kms-box", addresses: [address], ...served };
      const picture = drawScreen(NETWORK_PAGE, panelFacts({ network }), TALL);
      assert.equal(decodeQR(photograph(picture)), url);
    }
  });

  it("tells the port of a page that is not at the usual one", () => {
    const { network } = panelFacts();
    const at = (webPort: number | null) =>
      drawScreen(NETWORK_PAGE, panelFacts({ network: { ...network, webPort } }), TALL);
    assert.ok(reads(at(8080), "web :8080"));
    assert.ok(reads(at(80), "port 1688"));
    assert.ok(reads(at(null), "port 1688"));
  });

  it("carries that code wherever the picture has been moved to", () => {
    for (const shift of [
      { x: -1, y: 0 },
      { x: 2, y: 1 },
    ]) {
      const picture = drawScreen(NETWORK_PAGE, panelFacts(), TALL, shift);
      assert.equal(decodeQR(photograph(picture)), "http://192.168.178.20/");
    }
  });

  it("shows all of a next step of 60 characters, some of it later", () => {
    const words = ["unfortunately", "extraordinarily", "longwinded", "instructions", "needed"];
    const facts = faulty({ title: "SIGNING KEY DAMAGED", nextStep: words.join(" ") });
    for (const size of SIZES) {
      const pictures = Array.from({ length: 12 }, (_, second) =>
        drawScreen(page({ page: "fault", index: 0 }, second * 1000), facts, size),
      );
      for (const word of words) assert.ok(pictures.some((picture) => reads(picture, word)));
    }
  });

  it("shows a fault's title large in plain words with the next step below", () => {
    const facts = faulty({ nextStep: "connect NTP or set it" });
    for (const size of SIZES) {
      const picture = drawScreen(FAULT_PAGE, facts, size);
      assert.ok(readsAtAnyScale(picture, "CLOCK"));
      assert.ok(!reads(picture, "CLOCK"));
      assert.ok(reads(picture, "connect NTP or set it"));
    }
  });

  it("shows a one-time code in two groups of four", () => {
    const screen = { kind: "code", code: "7KRM4XPT", remainingMs: 60_000 } as const;
    assert.ok(reads(drawScreen(screen, panelFacts(), TALL), "7KRM", 3));
    assert.ok(reads(drawScreen(screen, panelFacts(), TALL), "4XPT", 3));
    assert.ok(reads(drawScreen(screen, panelFacts(), SHORT), "7KRM", 2));
    assert.ok(reads(drawScreen(screen, panelFacts(), SHORT), "4XPT", 2));
  });

  it("shows no hyphen between the groups that it was given with one", () => {
    for (const size of SIZES) {
      const shown = (code: string) =>
        drawScreen({ kind: "code", code, remainingMs: 60_000 }, panelFacts(), size);
      assert.ok(shown(formatAdminCode("7KRM4XPT")).equals(shown("7KRM4XPT")));
    }
  });

  it("says within how many seconds a tap resets the box", () => {
    for (const size of SIZES) {
      const screen = { kind: "confirm-reset", remainingMs: 7001 } as const;
      const picture = drawScreen(screen, panelFacts(), size);
      assert.ok(readsAtAnyScale(picture, "RESET?"));
      assert.ok(reads(picture, "tap within 8 s"));
    }
  });

  it("scrolls an address too long for it, resting at both ends", () => {
    const addresses = ["2001:db8:4f2:1c00:ba27:ebff:fe12:3456"];
    const served = { link: "up", port: 1688, webPort: 80 } as const;
    const network = { hostname: "kms-box", addresses, ...served };
    const at = (sinceMs: number) =>
      drawScreen(page({ page: "network" }, sinceMs), panelFacts({ network }), TALL);
    assert.ok(reads(at(0), "2001:db8"));
    assert.ok(at(0).equals(at(999)));
    assert.ok(!at(0).equals(at(1000)));
    const times = Array.from({ length: 80 }, (_, index) => index * 250);
    assert.ok(times.some((ms) => reads(at(ms), "fe12:3456")));
  });
});
