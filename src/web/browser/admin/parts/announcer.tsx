import { useEffect, useState } from "preact/hooks";

let tell: (words: string) => void = () => undefined;

/** Says something to a screen reader, without taking the focus. */
export function announce(words: string): void {
  tell(words);
}

/** Where a screen reader hears what was announced. Stands once on the page. */
export function Announcer() {
  const [said, setSaid] = useState({ words: "", turn: 0 });
  useEffect(() => {
    tell = (words) => setSaid(({ turn }) => ({ words, turn: turn + 1 }));
    return () => {
      tell = () => undefined;
    };
  }, []);
  // The same words twice are heard twice only if the text changes.
  const mark = said.turn % 2 === 0 ? "" : "\u00A0";
  return (
    <output class="unseen" aria-live="polite">
      {said.words + mark}
    </output>
  );
}
