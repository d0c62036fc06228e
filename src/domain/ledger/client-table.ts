import { CmidIndex } from "./cmid-index.ts";
import { formatCmid, hashCmid, parseCmid } from "./cmid-words.ts";
import { Interned } from "./interned.ts";
import { NONE, Rows } from "./rows.ts";
import { ascii, base64urlText, TextMember } from "./text.ts";

/** What all records of one CMID share. */
export interface ClientWide {
  readonly hostname: string;
  readonly fingerprint: string;
  readonly agent: string;
  readonly issuedAtSec: number;
  readonly jtis: readonly string[];
}

// A row is two cache lines. The texts are as wide as a fully qualified host name, a SHA-256 digest
// and a 128-bit token usually are; what is longer is kept beside the rows.
const ROW_BYTES = 128;
const WORD = { cmid: 0, agent: 6, firstRecord: 7 } as const;
const NUMBER = { issuedAt: 2 } as const;
const BYTE = { fingerprint: 32, jti: 66, hostname: 84 } as const;

/** One row for each CMID, found by the CMID. */
export class ClientTable {
  readonly #rows = new Rows(ROW_BYTES);
  readonly #index = new CmidIndex();
  readonly #agents = new Interned();
  readonly #fingerprint: TextMember;
  readonly #jti: TextMember;
  readonly #hostname: TextMember;
  /** Only of clients that have not exactly one. */
  readonly #severalJtis = new Map<number, readonly string[]>();
  readonly #seed: number;
  readonly #sought = new Uint32Array(4);
  /** The last answer of `find`: one contact asks for the same CMID several times in a row. */
  #found: { readonly cmid: string; readonly row: number | undefined } | undefined;
  readonly #isSought = (row: number): boolean =>
    this.#rows.word(row, 0) === this.#sought[0] &&
    this.#rows.word(row, 1) === this.#sought[1] &&
    this.#rows.word(row, 2) === this.#sought[2] &&
    this.#rows.word(row, 3) === this.#sought[3];

  constructor(seed: number) {
    this.#seed = seed;
    this.#fingerprint = new TextMember(
      this.#rows,
      BYTE.fingerprint,
      BYTE.jti - BYTE.fingerprint,
      base64urlText,
    );
    this.#jti = new TextMember(this.#rows, BYTE.jti, BYTE.hostname - BYTE.jti, base64urlText);
    this.#hostname = new TextMember(this.#rows, BYTE.hostname, ROW_BYTES - BYTE.hostname, ascii);
  }

  get size(): number {
    return this.#rows.live;
  }

  find(cmid: string): number | undefined {
    if (this.#found?.cmid === cmid) return this.#found.row;
    const row = parseCmid(cmid, this.#sought)
      ? this.#index.find(hashCmid(this.#sought, this.#seed), this.#isSought)
      : undefined;
    this.#found = { cmid, row };
    return row;
  }

  /**
   * Adds a CMID that is not yet there.
   *
   * @throws {RangeError} it is not a lower-case UUID.
   */
  add(cmid: string): number {
    if (!parseCmid(cmid, this.#sought)) {
      throw new RangeError(`a CMID is a lower-case UUID, not ${JSON.stringify(cmid)}`);
    }
    const row = this.#rows.take();
    for (const [i, word] of this.#sought.entries()) this.#rows.setWord(row, WORD.cmid + i, word);
    this.#rows.setWord(row, WORD.agent, this.#agents.use(""));
    this.#rows.setWord(row, WORD.firstRecord, NONE);
    this.#fingerprint.init(row);
    this.#jti.init(row);
    this.#hostname.init(row);
    this.#index.add(hashCmid(this.#sought, this.#seed), row);
    this.#found = { cmid, row };
    return row;
  }

  remove(row: number): void {
    for (const i of this.#sought.keys()) this.#sought[i] = this.#rows.word(row, WORD.cmid + i);
    this.#index.remove(hashCmid(this.#sought, this.#seed), row);
    this.#found = undefined;
    this.#agents.drop(this.#rows.word(row, WORD.agent));
    this.#fingerprint.write(row, "");
    this.#hostname.write(row, "");
    this.#writeJtis(row, [""]);
    this.#rows.release(row);
  }

  cmid(row: number): string {
    const rows = this.#rows;
    return formatCmid(rows.word(row, 0), rows.word(row, 1), rows.word(row, 2), rows.word(row, 3));
  }

  /** @param like texts to return instead of new ones where they are the same */
  wide(row: number, like?: ClientWide): ClientWide {
    return {
      hostname: this.#hostname.read(row, like?.hostname),
      fingerprint: this.#fingerprint.read(row, like?.fingerprint),
      agent: this.#agents.text(this.#rows.word(row, WORD.agent)),
      issuedAtSec: this.issuedAtSec(row),
      jtis: this.jtis(row),
    };
  }

  hostname(row: number): string {
    return this.#hostname.read(row);
  }

  device(row: number): Pick<ClientWide, "hostname" | "fingerprint"> {
    return { hostname: this.hostname(row), fingerprint: this.#fingerprint.read(row) };
  }

  issuedAtSec(row: number): number {
    return this.#rows.number(row, NUMBER.issuedAt);
  }

  jtis(row: number): readonly string[] {
    return this.#severalJtis.get(row) ?? [this.#jti.read(row)];
  }

  setWide(row: number, wide: ClientWide): void {
    this.#hostname.write(row, wide.hostname);
    this.#fingerprint.write(row, wide.fingerprint);
    this.#rows.setNumber(row, NUMBER.issuedAt, wide.issuedAtSec);
    this.#writeJtis(row, wide.jtis);
    const agent = this.#agents.use(wide.agent);
    this.#agents.drop(this.#rows.word(row, WORD.agent));
    this.#rows.setWord(row, WORD.agent, agent);
  }

  /** The place of the first of the CMID's records; `NONE` if it has none. */
  firstRecord(row: number): number {
    return this.#rows.word(row, WORD.firstRecord);
  }

  setFirstRecord(row: number, place: number): void {
    this.#rows.setWord(row, WORD.firstRecord, place);
  }

  #writeJtis(row: number, jtis: readonly string[]): void {
    const [only] = jtis;
    if (jtis.length === 1 && only !== undefined) {
      this.#severalJtis.delete(row);
      this.#jti.write(row, only);
    } else {
      this.#severalJtis.set(row, [...jtis]);
      this.#jti.write(row, "");
    }
  }
}
