/** Seconds from 1900, the origin of NTP's first era, to 1970 (RFC 5905 section 6). */
const TO_1970_SECONDS = 2_208_988_800;
const ERA_SECONDS = 2 ** 32;
const FRACTIONS = 2 ** 32;
const LENGTH = 48;
/** No leap warning, version 4, client (RFC 4330 section 4). */
const CLIENT_V4 = 0x23;
const SERVER_MODE = 4;
const UNSYNCHRONISED = 3;
const MOST_STRATUM = 15;
const OFFSET = { originate: 24, receive: 32, transmit: 40 };

/** A request as RFC 4330 has it, whose transmit time serves to recognise the answer. */
export function sntpRequest(nowMs: number): Buffer {
  const message = Buffer.alloc(LENGTH);
  message.writeUInt8(CLIENT_V4, 0);
  writeTime(message, OFFSET.transmit, nowMs);
  return message;
}

/**
 * How far the local clock is ahead of the server's, in milliseconds; null if the message is no answer
 * to the request, or of a server that does not know the time (RFC 4330 section 5).
 */
export function sntpAhead(
  answer: Buffer,
  request: Buffer,
  sentMs: number,
  receivedMs: number,
): number | null {
  if (answer.length < LENGTH) return null;
  const first = answer.readUInt8(0);
  const stratum = answer.readUInt8(1);
  const sent = request.subarray(OFFSET.transmit, OFFSET.transmit + 8);
  const echoed = answer.subarray(OFFSET.originate, OFFSET.originate + 8);
  const isAnswer = (first & 7) === SERVER_MODE && first >> 6 !== UNSYNCHRONISED;
  const isUsable = stratum > 0 && stratum <= MOST_STRATUM && sent.equals(echoed);
  if (!isAnswer || !isUsable) return null;
  const serverReceivedMs = readTime(answer, OFFSET.receive);
  const serverSentMs = readTime(answer, OFFSET.transmit);
  return Math.round((sentMs - serverReceivedMs + (receivedMs - serverSentMs)) / 2);
}

function writeTime(message: Buffer, at: number, timeMs: number): void {
  const seconds = Math.floor(timeMs / 1000) + TO_1970_SECONDS;
  message.writeUInt32BE(seconds % ERA_SECONDS, at);
  message.writeUInt32BE(Math.floor(((timeMs % 1000) / 1000) * FRACTIONS), at + 4);
}

/** Seconds without the highest bit are of the era that begins in 2036 (RFC 4330 section 3). */
function readTime(message: Buffer, at: number): number {
  const seconds = message.readUInt32BE(at);
  const era = seconds < ERA_SECONDS / 2 ? ERA_SECONDS : 0;
  const fraction = message.readUInt32BE(at + 4) / FRACTIONS;
  return (seconds + era - TO_1970_SECONDS + fraction) * 1000;
}
