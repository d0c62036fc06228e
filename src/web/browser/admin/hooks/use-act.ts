import { useCallback, useState } from "preact/hooks";
import { messageOf } from "../api/api-error.ts";
import { announce } from "../parts/announcer.tsx";

export interface Act {
  readonly busy: boolean;
  /** Why it failed, in words. */
  readonly fault: string | undefined;
  /** What it did, in words. */
  readonly done: string | undefined;
  /** Returns whether it succeeded. */
  readonly run: () => Promise<boolean>;
  readonly clear: () => void;
}

/**
 * Something that the administrator does: once at a time, with what became of it told on the page and
 * to a screen reader.
 *
 * @param act resolves to what was done, in a sentence
 */
export function useAct(act: () => Promise<string | undefined>): Act {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string>();
  const [done, setDone] = useState<string>();
  const clear = useCallback(() => {
    setFault(undefined);
    setDone(undefined);
  }, []);
  const run = async () => {
    if (busy) return false;
    clear();
    setBusy(true);
    try {
      const said = await act();
      setDone(said);
      if (said !== undefined) announce(said);
      return true;
    } catch (error) {
      setFault(messageOf(error));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, fault, done, run, clear };
}
