import { encodeHeader, type JournalHeader, journalPath } from "./files.ts";
import { type FlashFile, type FlashFs, writeFully } from "./flash-fs.ts";

/** One journal being written. After any error it is only fit to be closed: a new one must take over. */
export class JournalFile {
  readonly number: number;
  readonly #file: FlashFile;
  #durableBytes: number;

  private constructor(number: number, file: FlashFile, durableBytes: number) {
    this.number = number;
    this.#file = file;
    this.#durableBytes = durableBytes;
  }

  /** Begins a new journal, durable before it is used. */
  static async create(fs: FlashFs, folder: string, header: JournalHeader): Promise<JournalFile> {
    const file = await fs.open(journalPath(folder, header.number), "create");
    const journal = new JournalFile(header.number, file, 0);
    await closingOnError(file, async () => {
      await journal.append(encodeHeader(header));
      await fs.syncFolder(folder);
    });
    return journal;
  }

  /** Goes on with a journal that was read, cutting off what follows its last good line. */
  static async reopen(
    fs: FlashFs,
    folder: string,
    number: number,
    goodBytes: number,
  ): Promise<JournalFile> {
    const file = await fs.open(journalPath(folder, number), "update");
    await closingOnError(file, async () => {
      if ((await file.size()) > goodBytes) await file.truncate(goodBytes);
      // What was read may have been in memory only, when the process and not the machine was stopped.
      await file.sync();
      await fs.syncFolder(folder);
    });
    return new JournalFile(number, file, goodBytes);
  }

  /** Up to here the file is known to be on flash. */
  get durableBytes(): number {
    return this.#durableBytes;
  }

  /** Resolves when the text is on flash. */
  async append(text: string): Promise<void> {
    const data = Buffer.from(text);
    await writeFully(this.#file, data, this.#durableBytes);
    await this.#file.sync();
    this.#durableBytes += data.length;
  }

  /** Cuts off what was not made durable. */
  async cut(): Promise<void> {
    await this.#file.truncate(this.#durableBytes);
    await this.#file.sync();
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

async function closingOnError(file: FlashFile, action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    await file.close().catch(() => undefined);
    throw error;
  }
}
