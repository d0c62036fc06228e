/** One SRV record (RFC 2782). */
export interface SrvRecord {
  readonly target: string;
  readonly port: number;
  /** 0 to 65535; the lowest is tried first. */
  readonly priority: number;
  /** 0 to 65535; share among records of equal priority. */
  readonly weight: number;
}

/**
 * The order in which a client tries SRV targets (RFC 2782, "Usage rules"): by priority, and among
 * equals drawn by weight. A target of "." says that the service is not offered and is left out, as is
 * port 0, at which nothing can listen.
 *
 * @param random called once for every draw; in [0, 1)
 */
export function selectionOrder<T extends SrvRecord>(
  records: readonly T[],
  random: () => number,
): readonly T[] {
  const offered = records.filter(({ target, port }) => target !== "" && target !== "." && port > 0);
  const priorities = [...new Set(offered.map(({ priority }) => priority))].sort((a, b) => a - b);
  return priorities.flatMap((priority) =>
    drawn(
      offered.filter((record) => record.priority === priority),
      random,
    ),
  );
}

function drawn<T extends SrvRecord>(equals: readonly T[], random: () => number): T[] {
  // Records of weight 0 stand first, so that they too have a small chance.
  let left = equals.toSorted((a, b) => a.weight - b.weight);
  const order: T[] = [];
  while (left.length > 0) {
    const total = left.reduce((sum, { weight }) => sum + weight, 0);
    const draw = Math.floor(random() * (total + 1));
    let running = 0;
    const chosen = left.find(({ weight }) => {
      running += weight;
      return running >= draw;
    });
    if (!chosen) break;
    order.push(chosen);
    left = left.filter((record) => record !== chosen);
  }
  return order;
}
