import { useState } from "preact/hooks";
import { ask } from "../../api/api.ts";
import { useAct } from "../../hooks/use-act.ts";
import { Button, Submit } from "../../parts/buttons.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { ChoiceField, FileField, TextField } from "../../parts/fields.tsx";
import { readTsigKey, TSIG_ALGORITHMS, type TsigKey } from "./tsig-key.ts";

const EMPTY: TsigKey = { name: "", algorithm: TSIG_ALGORITHMS[0], secret: "" };
const ALGORITHMS = TSIG_ALGORITHMS.map((name) => [name, name] as const);

/** Takes the key that a domain's server expects updates to be signed with. */
export function DomainKey({ domain }: { readonly domain: string }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button label={`Upload the key of ${domain}`} onClick={() => setOpen(true)}>
        Key…
      </Button>
      {open ? (
        <Dialog title={`The key of ${domain}`} onClose={() => setOpen(false)}>
          <KeyForm domain={domain} />
        </Dialog>
      ) : null}
    </>
  );
}

function KeyForm({ domain }: { readonly domain: string }) {
  const [key, setKey] = useState(EMPTY);
  const [fault, setFault] = useState<string>();
  const act = useAct(async () => {
    await ask("PUT", `/api/v1/dns/domains/${encodeURIComponent(domain)}/key`, { body: key });
    setKey(EMPTY);
    return "The key is kept. It is used after a restart, and never handed out again.";
  });
  const read = async (file: File | undefined) => {
    const found = file && readTsigKey(await file.text());
    setFault(
      file && !found ? "This is no key file. Take one as tsig-keygen writes it." : undefined,
    );
    if (found) setKey(found);
  };
  const onSubmit = (event: Event) => {
    event.preventDefault();
    void act.run();
  };
  return (
    <form onSubmit={onSubmit}>
      <FileField
        label="Key file"
        hint="As tsig-keygen writes it. It fills in what is below."
        fault={fault}
        onInput={(file) => void read(file)}
      />
      <TextField
        label="Name of the key"
        value={key.name}
        onInput={(name) => setKey({ ...key, name })}
        required
      />
      <ChoiceField
        label="Algorithm"
        value={key.algorithm}
        choices={ALGORITHMS}
        onInput={(algorithm) => setKey({ ...key, algorithm })}
      />
      <TextField
        label="Secret"
        type="password"
        hint="Base64"
        value={key.secret}
        onInput={(secret) => setKey({ ...key, secret })}
        required
      />
      <Submit act={act}>Keep this key</Submit>
    </form>
  );
}
