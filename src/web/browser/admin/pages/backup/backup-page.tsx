import { Page } from "../../parts/page.tsx";
import { BackupSection } from "./backup-section.tsx";
import { RestoreSection } from "./restore-section.tsx";

/** Keeping the whole box elsewhere, and taking it over from there. */
export function BackupPage() {
  return (
    <Page
      title="Backup"
      about="The whole box in one file, encrypted: machines, licences, key and settings."
    >
      <BackupSection />
      <RestoreSection />
    </Page>
  );
}
