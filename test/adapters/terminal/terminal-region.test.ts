import assert from "node:assert/strict";
import { TerminalRegion } from "../../../src/adapters/terminal/terminal-region.ts";
import { TerminalModel } from "../../support/terminal-model.ts";

describe("a region at the bottom of a terminal", () => {
  it("changes in place", () => {
    const terminal = new TerminalModel();
    const region = new TerminalRegion(terminal);
    terminal.write("before\n");
    region.draw(["one", "two"]);
    region.draw(["1", "2"]);
    assert.deepEqual(terminal.lines, ["before", "1", "2"]);
  });

  it("lets text go by above it", () => {
    const terminal = new TerminalModel();
    const region = new TerminalRegion(terminal);
    region.draw(["one", "two"]);
    region.write("first\n");
    region.write("second\nthird\n");
    assert.deepEqual(terminal.lines, ["first", "second", "third", "one", "two"]);
  });

  it("grows and shrinks without leaving anything", () => {
    const terminal = new TerminalModel();
    const region = new TerminalRegion(terminal);
    region.draw(["a", "b"]);
    region.draw(["1", "2", "3"]);
    assert.deepEqual(terminal.lines, ["1", "2", "3"]);
    region.draw(["x"]);
    assert.deepEqual(terminal.lines, ["x"]);
  });

  it("passes text through while it has no lines", () => {
    const terminal = new TerminalModel();
    new TerminalRegion(terminal).write("plain\n");
    assert.deepEqual(terminal.lines, ["plain"]);
  });

  it("hides the cursor while it is there, and leaves its last lines and the cursor", () => {
    const terminal = new TerminalModel();
    const region = new TerminalRegion(terminal);
    region.draw(["a"]);
    assert.equal(terminal.cursorShown, false);
    region.end();
    region.write("after\n");
    assert.deepEqual(terminal.lines, ["a", "after"]);
    assert.equal(terminal.cursorShown, true);
  });

  it("begins below what a change of size has torn", () => {
    const terminal = new TerminalModel();
    const region = new TerminalRegion(terminal);
    region.draw(["torn"]);
    region.restart();
    region.draw(["whole"]);
    assert.deepEqual(terminal.lines, ["torn", "whole"]);
  });
});
