/** How an application stood at one moment. */
export interface Sample {
  readonly count: number;
  /** Whether every licensed product of it was activated. */
  readonly activating: boolean;
}

/**
 * What became of the samples of one stretch of time. The least count stays known, and so does that not
 * all was activated, so that no dip is averaged away.
 */
export interface Bucket {
  readonly least: number;
  readonly most: number;
  readonly last: number;
  /** At every sample. */
  readonly activating: boolean;
}

export function bucketOf({ count, activating }: Sample): Bucket {
  return { least: count, most: count, last: count, activating };
}

/** Both as one; `later` is the newer. */
export function joined(earlier: Bucket, later: Bucket): Bucket {
  return {
    least: Math.min(earlier.least, later.least),
    most: Math.max(earlier.most, later.most),
    last: later.last,
    activating: earlier.activating && later.activating,
  };
}
