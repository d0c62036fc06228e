/** First bytes of a DCE/RPC connection: version 5.0, bind (C706 section 12.6.4.3). */
const BIND_START = [0x05, 0x00, 0x0b] as const;
/** Length of the common header, which holds the call id (C706 section 12.6.3.1). */
export const DCERPC_HEADER_BYTES = 16;
const BIND_NAK = 13;
/** Both flags: the first and the last fragment. */
const WHOLE = 0x03;
const REASON_NOT_SPECIFIED = 0;
const NAK_BYTES = 24;

/** Whether the bytes, as far as there are any, are those of a DCE/RPC bind. */
export function isDcerpcBind(start: Uint8Array): boolean {
  return start.length >= BIND_START.length && BIND_START.every((byte, i) => start[i] === byte);
}

/**
 * The answer that a DCE/RPC client understands as "not served here" (C706 section 12.6.4.5), in the
 * client's own byte order and with its call id.
 *
 * @param bind at least the 16 bytes of the common header
 */
export function bindNak(bind: Uint8Array): Uint8Array {
  const nak = new Uint8Array(NAK_BYTES);
  const view = new DataView(nak.buffer);
  const littleEndian = ((bind[4] ?? 0) & 0xf0) !== 0;
  nak.set([5, 0, BIND_NAK, WHOLE]);
  nak.set(bind.subarray(4, 8), 4);
  view.setUint16(8, NAK_BYTES, littleEndian);
  nak.set(bind.subarray(12, 16), 12);
  view.setUint16(16, REASON_NOT_SPECIFIED, littleEndian);
  // One supported version of the protocol follows: 5.0. The rest is padding.
  nak.set([1, 5, 0], 18);
  return nak;
}
