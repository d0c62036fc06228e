import { Dialog } from "../parts/dialog.tsx";
import { Notice } from "../parts/messages.tsx";

/** Above the page while the box starts again; then the page is loaded anew, as it may be another. */
export function StartingAgain({ done }: { readonly done: string }) {
  return (
    <Dialog title="The box starts again" onClose={() => undefined} stays>
      <p class="about">{done}</p>
      <Notice kind="attention">
        It is asked until it answers, and this page is loaded anew then. If that takes over two
        minutes, load it yourself: the browser may have to be shown another certificate, whose
        fingerprint stands on the box's display.
      </Notice>
    </Dialog>
  );
}
