/** State folder where none is named, below the working folder. */
export const DEFAULT_DATA = "kms-box-data";
