import assert from "node:assert/strict";
import { readStl } from "./stl.ts";

const CORNERS = ["0 0 0", "2 0 0", "0 3 0", "0 0 4"];
/** A corner of a cube, cut off; each face is named by its corners, seen from outside. */
const FACES = [
  [0, 2, 1],
  [0, 1, 3],
  [0, 3, 2],
  [1, 2, 3],
];
const stl = (faces: number[][]): string =>
  faces.flatMap((face) => face.map((i) => `vertex ${CORNERS[i]}`)).join("\n");

describe("reading a solid", () => {
  it("measures a closed one", () => {
    const { triangles, size, openEdges, volume } = readStl(stl(FACES));
    assert.deepEqual(
      { triangles, size, openEdges },
      { triangles: 4, size: [2, 3, 4], openEdges: 0 },
    );
    assert.equal(volume, 4);
  });

  it("finds a missing face and one that is turned", () => {
    assert.equal(readStl(stl(FACES.slice(1))).openEdges, 3);
    const turned = FACES.map((face, i) => (i === 0 ? face.toReversed() : face));
    assert.equal(readStl(stl(turned)).openEdges, 3);
  });
});
