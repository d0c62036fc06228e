import { Button } from "./buttons.tsx";

/** Which rows of how many are shown, and the way to the others. */
export function Pager(props: {
  readonly offset: number;
  readonly size: number;
  readonly total: number;
  /** Such as `records`. */
  readonly noun: string;
  readonly onTurn: (offset: number) => void;
}) {
  const { offset, size, total, noun, onTurn } = props;
  if (total === 0) return null;
  const last = Math.floor((total - 1) / size) * size;
  const figure = (value: number) => value.toLocaleString("en-GB");
  return (
    <nav class="pager" aria-label="More rows">
      <span>
        {figure(Math.min(offset + 1, total))} to {figure(Math.min(offset + size, total))} of{" "}
        <strong>{figure(total)}</strong> {noun}
      </span>
      {total > size ? (
        <span class="acts">
          <Button disabled={offset === 0} label="First page" onClick={() => onTurn(0)}>
            «
          </Button>
          <Button disabled={offset === 0} onClick={() => onTurn(Math.max(0, offset - size))}>
            Previous
          </Button>
          <Button disabled={offset >= last} onClick={() => onTurn(offset + size)}>
            Next
          </Button>
          <Button disabled={offset >= last} label="Last page" onClick={() => onTurn(last)}>
            »
          </Button>
        </span>
      ) : null}
    </nav>
  );
}
