import { useResource } from "../../hooks/use-resource.ts";
import { ActButton, Button } from "../../parts/buttons.tsx";
import { Loaded } from "../../parts/messages.tsx";
import { Section } from "../../parts/page.tsx";
import { saveFile } from "../../parts/save-file.ts";

const FILE_NAME = "licence-request.json";

/** What a vendor needs to make a licence for this box: its public key, which is no secret. */
export function LicenceRequest() {
  const request = useResource<Record<string, string>>("/api/v1/licences/request");
  return (
    <Section
      title="Ask a vendor for a licence"
      about="Send this to the vendor. It is this box's public key, which is no secret."
    >
      <Loaded resource={request}>
        {(key) => {
          const text = `${JSON.stringify(key, undefined, 2)}\n`;
          return (
            <>
              <pre class="text">{text}</pre>
              <div class="acts">
                <Button onClick={() => saveFile(new Blob([text]), FILE_NAME)}>
                  Save as a file
                </Button>
                <ActButton
                  act={async () => {
                    await navigator.clipboard.writeText(text);
                    return "Copied.";
                  }}
                >
                  Copy
                </ActButton>
              </div>
            </>
          );
        }}
      </Loaded>
    </Section>
  );
}
