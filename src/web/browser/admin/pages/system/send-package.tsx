import { useState } from "preact/hooks";
import type { AcceptedPackage, UploadedPackage } from "../../../../api/upgrade-schemas.ts";
import { ask, post } from "../../api/api.ts";
import { useAct } from "../../hooks/use-act.ts";
import { Submit } from "../../parts/buttons.tsx";
import { CheckField, FileField } from "../../parts/fields.tsx";

const CHOOSE =
  "Choose the package and its signature, a file that the vendor gives along with it. A package that is " +
  "not signed is not taken here.";
const NO_SIGNATURE =
  "That file is no signature of a package. Choose the one that the vendor gives along with the package.";
/** A signature has some hundred. */
const LARGEST_SIGNATURE_BYTES = 4096;
const SIGNATURE = /^[\w-]+\.[\w-]+\.[\w-]+$/;

async function readSignature(file: File): Promise<string> {
  const text = file.size > LARGEST_SIGNATURE_BYTES ? "" : (await file.text()).trim();
  if (!SIGNATURE.test(text)) throw new Error(NO_SIGNATURE);
  return text;
}

/** Sends the box a package with its signature; the box refuses what is not its vendor's. */
export function SendPackage({ sent }: { readonly sent: () => void }) {
  const [file, setFile] = useState<File>();
  const [signature, setSignature] = useState<File>();
  const [older, setOlder] = useState(false);
  const [step, setStep] = useState("");
  const act = useAct(async () => {
    if (!file || !signature) throw new Error(CHOOSE);
    if (file.size === 0) throw new Error("That package is empty. Fetch it anew.");
    const text = await readSignature(signature);
    try {
      setStep("The package is being sent…");
      const { upload } = await ask<UploadedPackage>("PUT", "/api/v1/upgrade/package", {
        body: file,
      });
      setStep("The package is being verified…");
      const body = { upload, signature: text, older };
      const { version } = await post<AcceptedPackage>("/api/v1/upgrade", body);
      sent();
      return `The box has taken version ${version}, and installs it. It starts again; if it does not serve then, the version before comes back.`;
    } finally {
      setStep("");
    }
  });
  const onSubmit = (event: Event) => {
    event.preventDefault();
    void act.run();
  };
  return (
    <form onSubmit={onSubmit}>
      <FileField label="Package" accept=".deb" onInput={setFile} />
      <FileField label="Its signature" accept=".jws" onInput={setSignature} />
      <CheckField label="Allow an older version" checked={older} onInput={setOlder} />
      <Submit act={act}>Upgrade</Submit>
      <p role="status">{step}</p>
    </form>
  );
}
