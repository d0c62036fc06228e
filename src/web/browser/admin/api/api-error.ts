/** What is wrong with one of several things that were sent. */
export interface NamedFault {
  /** Null if it is with no single one. */
  readonly option: string | null;
  readonly fault: string;
}

interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly faults?: readonly NamedFault[];
}

/** The box said no, or did not answer. The message is for a person, with what to do. */
export class ApiError extends Error {
  /** For programs, such as `wrong-password`; `unreachable` if nothing answered. */
  readonly code: string;
  /** Of HTTP; 0 if nothing answered. */
  readonly status: number;
  /** Until it may be tried again, if the box said so. */
  readonly retryAfterSeconds: number | null;
  readonly faults: readonly NamedFault[];

  constructor(
    { code, message, faults = [] }: Refusal,
    status = 0,
    retryAfterSeconds: number | null = null,
  ) {
    super(message);
    this.code = code;
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
    this.faults = faults;
  }
}

const UNREACHABLE =
  "The box does not answer. It may be starting again, or the network is down. This page asks again by itself.";

/** What is thrown for a question that reached nobody. */
export function unreachable(): ApiError {
  return new ApiError({ code: "unreachable", message: UNREACHABLE });
}

/** The box's refusal, in its own words. */
export async function refusalOf(response: Response): Promise<ApiError> {
  const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
  const retryAfter = Number.isFinite(seconds) ? seconds : null;
  const said: unknown = await response.json().catch(() => undefined);
  const refusal = refusalIn(said) ?? {
    code: "no-reason-given",
    message: `The box refused this with status ${response.status} and gave no reason.`,
  };
  return new ApiError(refusal, response.status, retryAfter);
}

function refusalIn(said: unknown): Refusal | undefined {
  if (typeof said !== "object" || said === null || !("error" in said)) return undefined;
  const { error } = said;
  const isRefusal =
    typeof error === "object" && error !== null && "code" in error && "message" in error;
  return isRefusal ? (error as Refusal) : undefined;
}

/** The words for anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
