import { useState } from "preact/hooks";
import type { LicenceView } from "../../../../api/schemas.ts";
import { post } from "../../api/api.ts";
import { ApiError } from "../../api/api-error.ts";
import { useAct } from "../../hooks/use-act.ts";
import { Button, Submit } from "../../parts/buttons.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { FileField, LongField } from "../../parts/fields.tsx";
import { Outcome } from "../../parts/messages.tsx";
import { Section } from "../../parts/page.tsx";

const LARGEST_BYTES = 64 * 1024;
/** The vendor is none that this box trusts so far. */
const ANOTHER_VENDOR = "vendor-unknown";

/** Takes a vendor's licence, as a file or as text. */
export function InstallLicence({ onInstalled }: { readonly onInstalled: () => void }) {
  const [token, setToken] = useState("");
  const [doubt, setDoubt] = useState<string>();
  const install = async (addVendor: boolean) => {
    const licence = await post<LicenceView>("/api/v1/licences", { token: token.trim(), addVendor });
    setToken("");
    onInstalled();
    return `The licence of ${licence.vendor} is installed.`;
  };
  const act = useAct(async () => {
    try {
      return await install(false);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== ANOTHER_VENDOR) throw error;
      setDoubt(error.message);
      return undefined;
    }
  });
  const onSubmit = (event: Event) => {
    event.preventDefault();
    void act.run();
  };
  return (
    <Section title="Install a licence">
      <form onSubmit={onSubmit}>
        <FileField
          label="File from the vendor"
          accept=".jwt,.jws,.txt,.licence"
          onInput={(file) => void read(file).then(setToken)}
        />
        <LongField label="Or its text" value={token} onInput={setToken} />
        <Submit act={act}>Install</Submit>
      </form>
      {doubt === undefined ? null : (
        <AddVendor
          words={doubt}
          install={() => install(true)}
          onClose={() => setDoubt(undefined)}
        />
      )}
    </Section>
  );
}

/** A vendor is trusted for good: that is asked apart. */
function AddVendor(props: {
  readonly words: string;
  readonly install: () => Promise<string>;
  readonly onClose: () => void;
}) {
  const act = useAct(props.install);
  const confirm = async () => {
    if (await act.run()) props.onClose();
  };
  return (
    <Dialog title="Trust another vendor?" onClose={props.onClose}>
      <p>{props.words}</p>
      <p>Go on only if you expect a licence of this vendor and have compared its key.</p>
      <Outcome act={act} />
      <div class="acts">
        <Button onClick={props.onClose}>Cancel</Button>
        <Button kind="danger" busy={act.busy} onClick={() => void confirm()}>
          Trust this vendor too
        </Button>
      </div>
    </Dialog>
  );
}

async function read(file: File | undefined): Promise<string> {
  if (!file) return "";
  return file.size > LARGEST_BYTES ? "(this file is too large for a licence)" : file.text();
}
