/** Whether two secrets are the same; takes as long wherever they differ. */
export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  let differing = one.length ^ other.length;
  for (const [index, byte] of one.entries()) differing |= byte ^ (other[index] ?? 0);
  return differing === 0;
}
