/** The files of a page, by their names below `/assets/`. */
export interface PageFiles {
  /** An ES module. */
  readonly script: string;
  readonly style: string | null;
  /** Modules that the script imports at once. */
  readonly preload: readonly string[];
}
