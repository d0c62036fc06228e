import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { get } from "../api/api.ts";
import { type ApiError, unreachable } from "../api/api-error.ts";

export interface Resource<T> {
  /** As answered last; undefined until the first answer. */
  readonly data: T | undefined;
  /** Of the last question, if it failed. */
  readonly error: ApiError | undefined;
  readonly loading: boolean;
  /** Asks again now. */
  readonly reload: () => void;
}

interface Answered<T> {
  readonly path: string;
  readonly data?: T;
  readonly error?: ApiError | undefined;
}

/**
 * What the box answers to a GET, asked again every so often while the page is seen. What was
 * answered before stays until the next answer, so that nothing flickers.
 *
 * @param path null asks nothing
 * @param everyMs 0 asks once
 */
export function useResource<T>(path: string | null, everyMs = 0): Resource<T> {
  const [answered, setAnswered] = useState<Answered<T>>({ path: "" });
  const [loading, setLoading] = useState(path !== null);
  const [turn, setTurn] = useState(0);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  const last = useRef(answered);
  last.current = answered;
  // Another turn asks again.
  useEffect(() => {
    if (path === null) return undefined;
    const ending = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const go = async () => {
      setLoading(true);
      try {
        const data = await get<T>(path, ending.signal);
        setAnswered({ path, data });
      } catch (error) {
        if (ending.signal.aborted) return;
        setAnswered({ ...last.current, path, error: asApiError(error) });
      }
      setLoading(false);
      if (everyMs > 0) timer = setTimeout(again, everyMs);
    };
    const again = () => {
      if (document.hidden) document.addEventListener("visibilitychange", again, { once: true });
      else void go();
    };
    void go();
    return () => {
      ending.abort(new Error("The page was left."));
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", again);
    };
  }, [path, everyMs, turn]);
  return { data: answered.data, error: answered.error, loading, reload };
}

function asApiError(error: unknown): ApiError {
  return error instanceof Error && "code" in error ? (error as ApiError) : unreachable();
}
