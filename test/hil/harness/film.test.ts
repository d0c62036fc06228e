import assert from "node:assert/strict";
import { Film } from "./film.ts";

describe("The film of a display", () => {
  let text = "";
  let film: Film;

  beforeEach(() => {
    text = "";
    film = new Film(() => text);
  });

  function write(atMs: number, then: string): void {
    film.beforeWrite(atMs);
    text = then;
  }

  it("has the pictures at rest and leaves out those that are half drawn", () => {
    write(1000, "CO");
    write(1050, "COUNT");
    write(3000, "COUWORK");
    write(3050, "NETWORK");
    assert.deepEqual(film.since(0), ["COUNT", "NETWORK"]);
  });

  it("begins with what was shown at the moment asked for", () => {
    write(1000, "COUNT");
    write(3000, "NETWORK");
    write(5000, "DNS");
    assert.deepEqual(film.since(2000), ["COUNT", "NETWORK", "DNS"]);
    assert.deepEqual(film.since(4000), ["NETWORK", "DNS"]);
    assert.deepEqual(film.since(6000), ["DNS"]);
  });

  it("tells a picture once, however often it is written", () => {
    for (let atMs = 0; atMs < 5000; atMs += 1000) write(atMs, "COUNT");
    assert.deepEqual(film.since(1500), ["COUNT"]);
  });
});
