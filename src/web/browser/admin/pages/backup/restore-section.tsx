import { useState } from "preact/hooks";
import type { RestorePreview, Upload } from "../../../../api/restore-schemas.ts";
import { ask, post } from "../../api/api.ts";
import { session } from "../../api/session.ts";
import { useAct } from "../../hooks/use-act.ts";
import { Submit } from "../../parts/buttons.tsx";
import { FileField, TextField } from "../../parts/fields.tsx";
import { Section } from "../../parts/page.tsx";
import { RestorePreviewCard } from "./restore-preview.tsx";

const RESTORED =
  "It becomes the one of the backup. Log in by the password that the box had when the backup was made.";

interface Checked {
  readonly upload: string;
  readonly passphrase: string;
  readonly preview: RestorePreview;
}

/** Makes this box the one that a backup was made of: sent, shown what it holds, and then confirmed. */
export function RestoreSection() {
  const [file, setFile] = useState<File>();
  const [passphrase, setPassphrase] = useState("");
  const [checked, setChecked] = useState<Checked>();
  const act = useAct(async () => {
    if (!file) throw new Error("Choose the file of the backup.");
    if (file.size === 0) throw new Error("That file is empty. Choose the file of the backup.");
    setChecked(undefined);
    const { upload } = await ask<Upload>("POST", "/api/v1/restore", { body: file });
    const body = { upload, passphrase };
    const preview = await post<RestorePreview>("/api/v1/restore/check", body);
    setChecked({ ...body, preview });
    return undefined;
  });
  const onSubmit = (event: Event) => {
    event.preventDefault();
    void act.run();
  };
  return (
    <Section
      title="Restore a backup"
      about="The file is checked as a whole and shown before anything is changed."
    >
      <form onSubmit={onSubmit}>
        <FileField label="File of the backup" accept=".age" onInput={setFile} />
        <TextField
          label="Its passphrase"
          type="password"
          value={passphrase}
          onInput={setPassphrase}
          required
        />
        <Submit act={act}>See what it holds</Submit>
      </form>
      {checked ? (
        <RestorePreviewCard
          preview={checked.preview}
          confirm={async () => {
            const { upload, preview } = checked;
            const replace = preview.replaces.clients > 0 || preview.replaces.licensed;
            const body = { upload, passphrase: checked.passphrase, replace };
            await post("/api/v1/restore/confirm", body);
            setChecked(undefined);
            setPassphrase("");
            session.startsAgain(RESTORED);
            return "The box starts again as the one of the backup.";
          }}
        />
      ) : null}
    </Section>
  );
}
