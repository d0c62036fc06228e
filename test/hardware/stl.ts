/** What the solid in a file of stereolithography text is like. */
export interface Solid {
  readonly triangles: number;
  /** Length in x, y and z. */
  readonly size: readonly number[];
  /** Edges that do not lie between exactly two triangles with the same outside. */
  readonly openEdges: number;
  /** Negative if inside and outside are exchanged. */
  readonly volume: number;
}

type Vertex = readonly [number, number, number];

export function readStl(text: string): Solid {
  const vertices = [...text.matchAll(/vertex (\S+) (\S+) (\S+)/g)].map(
    ([, x, y, z]): Vertex => [Number(x), Number(y), Number(z)],
  );
  const triangles = Array.from({ length: vertices.length / 3 }, (_, i) =>
    vertices.slice(3 * i, 3 * i + 3),
  );
  return {
    triangles: triangles.length,
    size: [0, 1, 2].map((axis) => {
      const along = vertices.map((vertex) => vertex[axis] ?? 0);
      return Math.max(...along) - Math.min(...along);
    }),
    openEdges: openEdgesOf(triangles),
    volume: triangles.reduce((sum, corners) => sum + signedVolume(corners), 0),
  };
}

/** Each edge is walked once in each direction where a surface is closed. */
function openEdgesOf(triangles: readonly (readonly Vertex[])[]): number {
  const balance = new Map<string, number>();
  const walk = (from: string, to: string): void => {
    const [key, step] = from < to ? [`${from} ${to}`, 1] : [`${to} ${from}`, -1];
    balance.set(key, (balance.get(key) ?? 0) + step);
  };
  for (const corners of triangles) {
    corners.forEach((corner, i) => {
      walk(corner.join(), corners[(i + 1) % 3]?.join() ?? "");
    });
  }
  return [...balance.values()].filter((steps) => steps !== 0).length;
}

function signedVolume([a, b, c]: readonly Vertex[]): number {
  if (a === undefined || b === undefined || c === undefined) return 0;
  return (
    (a[0] * (b[1] * c[2] - b[2] * c[1]) -
      a[1] * (b[0] * c[2] - b[2] * c[0]) +
      a[2] * (b[0] * c[1] - b[1] * c[0])) /
    6
  );
}
