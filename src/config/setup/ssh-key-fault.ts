const TYPES = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "ssh-rsa",
  "sk-ssh-ed25519@openssh.com",
  "sk-ecdsa-sha2-nistp256@openssh.com",
];
const LINE = /^(\S+) +([A-Za-z0-9+/]+={0,2})(?: +[^\p{Cc}]*)?$/u;
const LENGTH_BYTES = 4;

/**
 * Why a text is no line of an OpenSSH public key (sshd(8), AUTHORIZED_KEYS FILE FORMAT), without
 * options before it; undefined if it is one. Never repeats the text, which may be a private key.
 */
export function sshKeyFault(text: string): string | undefined {
  if (/PRIVATE KEY|^PuTTY-User-Key-File/.test(text)) {
    return (
      "this is a private key, which must never be here: remove it, make a new pair, and enter the " +
      "line of its .pub file"
    );
  }
  if (/^---- BEGIN SSH2 PUBLIC KEY/.test(text)) {
    return 'this is not the form of OpenSSH: enter the one line that begins with "ssh-"';
  }
  const [, type = "", blob = ""] = LINE.exec(text.trim()) ?? [];
  if (!TYPES.includes(type)) {
    return 'this is no line of a .pub file, such as "ssh-ed25519 AAAA… name"';
  }
  const [inner, ...fields] = fieldsOf(Buffer.from(blob, "base64")) ?? [];
  const isWhole = inner?.toString("latin1") === type && fields.length > 0;
  return isWhole ? undefined : "this key is damaged: copy the whole line of its .pub file again";
}

/** The strings that a key is made of (RFC 4251 section 5); undefined where one is cut. */
function fieldsOf(bytes: Buffer): Buffer[] | undefined {
  const fields: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (bytes.length - at < LENGTH_BYTES) return undefined;
    const from = at + LENGTH_BYTES;
    at = from + bytes.readUInt32BE(at);
    if (at > bytes.length) return undefined;
    fields.push(bytes.subarray(from, at));
  }
  return fields;
}
