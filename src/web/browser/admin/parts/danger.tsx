import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { useAct } from "../hooks/use-act.ts";
import { Button } from "./buttons.tsx";
import { Dialog } from "./dialog.tsx";
import { TextField } from "./fields.tsx";
import { Outcome } from "./messages.tsx";

interface DangerProps {
  /** On the button, such as `Forget…`. */
  readonly label: string;
  readonly spoken?: string;
  /** What will be lost, and what that means. */
  readonly question: ComponentChildren;
  /** On the button that does it, such as `Forget PC-17`. */
  readonly confirm: string;
  /** Has to be typed first. */
  readonly typed?: string;
  /** Resolves to what was done, in a sentence. */
  readonly act: () => Promise<string | undefined>;
  readonly onDone?: () => void;
}

/** A button for what cannot be taken back: it asks first. */
export function Danger(props: DangerProps) {
  const [asking, setAsking] = useState(false);
  const [done, setDone] = useState<string>();
  const act = async () => {
    const said = await props.act();
    setDone(said);
    return said;
  };
  return (
    <>
      <Button kind="danger" label={props.spoken} onClick={() => setAsking(true)}>
        {props.label}
      </Button>
      {asking ? <Asked {...props} act={act} onClose={() => setAsking(false)} /> : null}
      {asking || done === undefined ? null : <p class="message good">{done}</p>}
    </>
  );
}

function Asked(props: DangerProps & { readonly onClose: () => void }) {
  const { question, confirm, typed, onClose, onDone } = props;
  const [word, setWord] = useState("");
  const act = useAct(props.act);
  const isMeant = typed === undefined || word.trim() === typed;
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!isMeant || !(await act.run())) return;
    onClose();
    onDone?.();
  };
  return (
    <Dialog title={`${confirm}?`} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <div class="question">{question}</div>
        {typed === undefined ? null : (
          <TextField label={`Type ${typed} to confirm`} value={word} onInput={setWord} />
        )}
        {act.done === undefined ? <Outcome act={act} /> : null}
        <div class="acts">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="danger" busy={act.busy} disabled={!isMeant}>
            {confirm}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
