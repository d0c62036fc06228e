import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type { Framebuffer } from "../../src/panel/framebuffer.ts";
import { halfBlocks } from "../../src/panel/text-art.ts";

const FOLDER = "test/panel/golden";

/**
 * Compares a picture with the one that is kept under this name. With `UPDATE_GOLDEN=1` in the
 * environment the picture is kept instead, to be looked at before it is committed.
 */
export function assertGolden(name: string, picture: Framebuffer): void {
  const file = `${FOLDER}/${name}.txt`;
  const drawn = textOf(picture);
  if (process.env.UPDATE_GOLDEN === "1") {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(file, drawn);
    return;
  }
  assert.ok(existsSync(file), `no picture is kept as ${name}: draw it with UPDATE_GOLDEN=1`);
  assert.equal(drawn, readFileSync(file, "utf8"));
}

function textOf(picture: Framebuffer): string {
  return halfBlocks(picture)
    .map((line) => `│${line}│\n`)
    .join("");
}
