import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  /** Cannot be left, as nothing else can be done meanwhile. */
  readonly stays?: boolean;
}

/** A window above the page. The browser keeps the focus in it, and gives it back afterwards. */
export function Dialog({ title, onClose, children, stays = false }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const shown = dialog.current;
    const before = document.activeElement;
    shown?.showModal();
    return () => {
      shown?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  const close = (event: Event) => {
    event.preventDefault();
    if (!stays) onClose();
  };
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={id} onCancel={close}>
      <div class="section-head">
        <h2 id={id}>{title}</h2>
        {stays ? null : (
          <button type="button" class="button link" aria-label="Close" onClick={onClose}>
            ✕
          </button>
        )}
      </div>
      {children}
    </dialog>
  );
}
