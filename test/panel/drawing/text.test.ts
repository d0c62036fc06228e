import assert from "node:assert/strict";
import { glyphsOf } from "../../../src/panel/drawing/font.ts";
import {
  cutToWidth,
  drawText,
  drawTextRight,
  fittingScale,
  textWidth,
} from "../../../src/panel/drawing/text.ts";
import { wrapText, wrapTextTo } from "../../../src/panel/drawing/wrap.ts";
import { Framebuffer } from "../../../src/panel/framebuffer.ts";
import { reads } from "../reading.ts";

function drawn(text: string, style = {}): Framebuffer {
  const picture = new Framebuffer(128, 32);
  drawText(picture, text, 0, 0, style);
  return picture;
}

describe("A text on the panel", () => {
  it("has digits of one width, and other characters as wide as they are", () => {
    assert.equal(textWidth("1"), textWidth("8"));
    assert.equal(textWidth("11"), 11);
    assert.equal(textWidth("i"), 3);
    assert.equal(textWidth("W"), 5);
    assert.equal(textWidth("a a"), 5 + 1 + 2 + 1 + 5);
  });

  it("grows with its scale", () => {
    assert.equal(textWidth("25", 5), 5 * textWidth("25"));
    assert.equal(textWidth(""), 0);
  });

  it("ends where it says", () => {
    const picture = new Framebuffer(128, 32);
    const end = drawText(picture, "MM", 10, 0);
    assert.equal(end, 10 + textWidth("MM"));
    assert.ok(picture.get(end - 1, 3));
    assert.ok(!picture.get(end, 3));
  });

  it("finds every glyph by its character, though the font is not in the order of ASCII", () => {
    const [a] = glyphsOf("a");
    assert.deepEqual(a, [0x20, 0x54, 0x54, 0x54, 0x78]);
    const [umlaut] = glyphsOf("Ü");
    assert.deepEqual(umlaut, [0x3d, 0x40, 0x40, 0x40, 0x3d]);
  });

  it("shows what it cannot draw as the letter without its accent, else as a question mark", () => {
    assert.deepEqual(glyphsOf("é"), glyphsOf("e"));
    assert.deepEqual(glyphsOf("o\u0308"), glyphsOf("ö"));
    assert.deepEqual(glyphsOf("東"), glyphsOf("?"));
    assert.deepEqual(glyphsOf("–"), glyphsOf("-"));
    assert.deepEqual(glyphsOf("a\n\tb"), glyphsOf("a  b"));
  });

  it("has a tilde and an ellipsis, which the font lacks", () => {
    assert.notDeepEqual(glyphsOf("~"), glyphsOf("?"));
    assert.notDeepEqual(glyphsOf("…"), glyphsOf("?"));
  });

  it("is drawn within the columns that it is held to", () => {
    const picture = drawn("MMMM", { clip: { from: 3, to: 9 } });
    for (let x = 0; x < 30; x++) {
      const lit = [0, 1, 2, 3, 4, 5, 6].some((y) => picture.get(x, y));
      if (x < 3 || x >= 9) assert.ok(!lit);
    }
  });

  it("ends before the column that it is set right against", () => {
    const picture = new Framebuffer(128, 32);
    drawTextRight(picture, "M", 128, 0);
    assert.ok(picture.get(127, 0));
  });

  it("takes the largest scale that fits", () => {
    assert.equal(fittingScale("25", 55, 5), 5);
    assert.equal(fittingScale("25", 54, 5), 4);
    assert.equal(fittingScale("25", 3, 5), 1);
  });

  it("is cut with an ellipsis where it does not fit", () => {
    assert.equal(cutToWidth("short", 60), "short");
    const cut = cutToWidth("Example Server 2025", 60);
    assert.ok(cut.endsWith("…"));
    assert.ok(textWidth(cut) <= 60);
    assert.equal(cutToWidth("anything", 3), "");
  });

  it("is read where it stands, and only there", () => {
    assert.ok(reads(drawn("NEEDS 1 MORE"), "NEEDS 1 MORE"));
    assert.ok(!reads(drawn("NEEDS 1 MORE"), "NEEDS 7 MORE"));
  });
});

describe("A wrapped text", () => {
  it("breaks between words", () => {
    assert.deepEqual(wrapText("connect NTP or set it", 70), ["connect NTP", "or set it"]);
  });

  it("breaks a word that is too long for a line", () => {
    const lines = wrapText("2001:db8:4f2:1c00:ba27:ebff:fe12:3456", 60);
    assert.equal(lines.join(""), "2001:db8:4f2:1c00:ba27:ebff:fe12:3456");
    assert.ok(lines.every((line) => textWidth(line) <= 60));
  });

  it("has no line if there is no word", () => {
    assert.deepEqual(wrapText("", 60), []);
    assert.deepEqual(wrapText("  \n ", 60), []);
  });

  it("loses no word", () => {
    const text = "replace the card soon: its journal cannot be compacted here.";
    assert.equal(wrapText(text, 119).join(" "), text);
  });

  it("is cut with an ellipsis where there is no room for all lines", () => {
    const lines = wrapTextTo("one two three four five six seven", 50, 2);
    assert.equal(lines.length, 2);
    assert.ok(lines[1]?.endsWith("…"));
  });
});
