import { Page } from "../../parts/page.tsx";
import { PasswordSection } from "./password-section.tsx";
import { TokensSection } from "./tokens-section.tsx";

/** Who may administer the box, and with what. */
export function AccessPage() {
  return (
    <Page title="Access" about="The administrator's password, and tokens for programs.">
      <PasswordSection />
      <TokensSection />
    </Page>
  );
}
