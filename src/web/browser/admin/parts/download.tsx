import { fetchFile } from "../api/api.ts";
import { ActButton } from "./buttons.tsx";
import { saveFile } from "./save-file.ts";

/** A file of the box's, saved where the browser keeps such; a refusal is told beside it. */
export function Download(props: {
  readonly path: string;
  /** Of the file. */
  readonly name: string;
  readonly children: string;
}) {
  const { path, name, children } = props;
  const act = async () => {
    saveFile(await fetchFile("GET", path), name);
    return undefined;
  };
  return <ActButton act={act}>{children}</ActButton>;
}
