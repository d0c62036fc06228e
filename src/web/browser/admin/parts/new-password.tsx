import { TextField } from "./fields.tsx";

const SHORTEST = 12;
const LONGEST_BYTES = 1024;

/** A password that is made up, typed twice. */
export function NewPassword(props: {
  readonly value: string;
  readonly again: string;
  readonly onInput: (value: string) => void;
  readonly onAgain: (value: string) => void;
}) {
  return (
    <>
      <TextField
        label="New password"
        type="password"
        hint={`At least ${SHORTEST} characters. Several words are easy to remember.`}
        value={props.value}
        onInput={props.onInput}
        autocomplete="new-password"
        required
      />
      <TextField
        label="New password, again"
        type="password"
        value={props.again}
        onInput={props.onAgain}
        autocomplete="new-password"
        required
      />
    </>
  );
}

/** Why this will not do as a password; undefined if it will. */
export function newPasswordFault(password: string, again: string): string | undefined {
  if (Array.from(password).length < SHORTEST) {
    return `The password has fewer than ${SHORTEST} characters. Take a longer one.`;
  }
  if (new TextEncoder().encode(password).length > LONGEST_BYTES) {
    return `The password has more than ${LONGEST_BYTES} bytes. Take a shorter one.`;
  }
  return password === again ? undefined : "The two passwords differ. Type both again.";
}
