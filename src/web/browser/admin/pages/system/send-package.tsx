import { useState } from "preact/hooks";
import type { AcceptedPackage, UploadedPackage } from "../../../../api/upgrade-schemas.ts";
import { ask, post } from "../../api/api.ts";
import { useAct } from "../../hooks/use-act.ts";
import { Submit } from "../../parts/buttons.tsx";
import { CheckField, FileField } from "../../parts/fields.tsx";

/** Sends the box a package with its signature; the box refuses what is not its vendor's. */
export function SendPackage({ sent }: { readonly sent: () => void }) {
  const [file, setFile] = useState<File>();
  const [signature, setSignature] = useState<File>();
  const [older, setOlder] = useState(false);
  const [step, setStep] = useState("");
  const act = useAct(async () => {
    if (!file || !signature) throw new Error("Choose the package and its signature.");
    try {
      setStep("The package is being sent…");
      const { upload } = await ask<UploadedPackage>("PUT", "/api/v1/upgrade/package", {
        body: file,
      });
      setStep("The package is being verified…");
      const body = { upload, signature: (await signature.text()).trim(), older };
      const { version } = await post<AcceptedPackage>("/api/v1/upgrade", body);
      sent();
      return `Version ${version} is installed now. The box starts again; if it does not serve, the version before comes back.`;
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
      <CheckField label="Also go back to an older version" checked={older} onInput={setOlder} />
      <Submit act={act}>Upgrade</Submit>
      <p role="status">{step}</p>
    </form>
  );
}
