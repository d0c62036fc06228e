/** The few file calls that the state is kept with, small enough to be simulated with all their faults. */
export interface FlashFs {
  /** Creates the folder, for its owner only, with its parents if need be. */
  makeFolder(path: string): Promise<void>;
  /** Names in a folder; empty if the folder is missing. */
  list(folder: string): Promise<string[]>;
  /** `create` empties a file that exists; `update` and `read` need one that does. */
  open(path: string, access: "read" | "update" | "create"): Promise<FlashFile>;
  /** Replaces `to` if it exists. */
  rename(from: string, to: string): Promise<void>;
  /** Does nothing if the file is missing. */
  remove(path: string): Promise<void>;
  /** What has that name itself: a link is neither; undefined if nothing has. */
  kindOf(path: string): Promise<"file" | "folder" | "other" | undefined>;
  /** Removes a folder that is empty; does nothing if it is missing, holds something or is a link. */
  removeFolder(path: string): Promise<void>;
  /** Makes creations, renames and removals in the folder durable. */
  syncFolder(path: string): Promise<void>;
}

export interface FlashFile {
  size(): Promise<number>;
  /** Bytes read; fewer than asked for near the end, 0 at the end. */
  read(into: Uint8Array, position: number): Promise<number>;
  /** Bytes written, which may be fewer than given. */
  write(data: Uint8Array, position: number): Promise<number>;
  truncate(bytes: number): Promise<void>;
  /** Makes content and size durable. After an error nothing written since the last success is. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Writes all of `data`, however many calls that takes. */
export async function writeFully(
  file: FlashFile,
  data: Uint8Array,
  position: number,
): Promise<void> {
  for (let done = 0; done < data.length; ) {
    const written = await file.write(done === 0 ? data : data.subarray(done), position + done);
    if (written === 0) throw new Error("the file system wrote nothing and gave no reason");
    done += written;
  }
}
