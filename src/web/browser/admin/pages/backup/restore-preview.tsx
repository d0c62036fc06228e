import type { RestorePreview } from "../../../../api/restore-schemas.ts";
import { Danger } from "../../parts/danger.tsx";
import { Facts } from "../../parts/facts.tsx";
import { Notice } from "../../parts/messages.tsx";
import { When } from "../../parts/when.tsx";

const RESTORE_WORD = "restore";

/** What a backup holds, what it would replace, and the word that does it. */
export function RestorePreviewCard(props: {
  readonly preview: RestorePreview;
  readonly confirm: () => Promise<string>;
}) {
  const { preview, confirm } = props;
  const { replaces, licences, notRestored } = preview;
  return (
    <>
      <Facts
        of={[
          ["Made", <When key="made" at={preview.created} />],
          ["Of the box", preview.hostname],
          ["Host key", <code key="host">{preview.host}</code>],
          ["Machines", preview.clients.toLocaleString("en-GB")],
          ["Licences of", licences.map(({ vendor }) => vendor).join(", ")],
          ["Version", preview.program],
        ]}
      />
      {notRestored.length === 0 ? null : (
        <Notice kind="plain">
          These files are not put back from here, as only root may: {notRestored.join(", ")}. Use
          kms-box backup restore on the box for them.
        </Notice>
      )}
      {replaces.clients > 0 || replaces.licensed ? (
        <Notice kind="attention">
          This box has {replaces.clients.toLocaleString("en-GB")} machines
          {replaces.licensed ? " and licences" : ""} of its own now, which are lost.
        </Notice>
      ) : null}
      <Danger
        label="Restore this backup…"
        confirm="Restore the backup"
        typed={RESTORE_WORD}
        question={
          <p>
            Everything on this box is replaced by what the backup holds, the administrator's
            password too. The box of which it was made must not run beside this one.
          </p>
        }
        act={confirm}
      />
    </>
  );
}
