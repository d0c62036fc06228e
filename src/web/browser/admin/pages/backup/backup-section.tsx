import { useState } from "preact/hooks";
import { fetchFile } from "../../api/api.ts";
import { useAct } from "../../hooks/use-act.ts";
import { Submit } from "../../parts/buttons.tsx";
import { TextField } from "../../parts/fields.tsx";
import { Section } from "../../parts/page.tsx";
import { saveFile } from "../../parts/save-file.ts";

/** Makes a backup and hands it to the browser. */
export function BackupSection() {
  const [passphrase, setPassphrase] = useState("");
  const [again, setAgain] = useState("");
  const act = useAct(async () => {
    if (passphrase !== again) throw new Error("The two passphrases differ. Type both again.");
    const file = await fetchFile("POST", "/api/v1/backups", { body: { passphrase } });
    const day = new Date().toISOString().slice(0, 10);
    saveFile(file, `kms-box-${day}.age`);
    setPassphrase("");
    setAgain("");
    return "The backup is made. Keep it and its passphrase apart from the box, and from each other.";
  });
  const onSubmit = (event: Event) => {
    event.preventDefault();
    void act.run();
  };
  return (
    <Section
      title="Make a backup"
      about="Takes up to a minute. Without the passphrase nobody can read the file, nor restore it."
    >
      <form onSubmit={onSubmit}>
        <TextField
          label="Passphrase"
          hint="At least 12 characters, on one line."
          type="password"
          value={passphrase}
          onInput={setPassphrase}
          autocomplete="new-password"
          required
        />
        <TextField
          label="Passphrase, again"
          type="password"
          value={again}
          onInput={setAgain}
          autocomplete="new-password"
          required
        />
        <Submit act={act}>Make a backup</Submit>
      </form>
    </Section>
  );
}
