import { SETUP_ERRORS_FILE, SETUP_FILE } from "./read-setup.ts";

const INDENT = "   ";
const WIDTH = 76;

const CORRECT =
  `What to do: correct this in ${SETUP_FILE} with a text editor such as Notepad, save it, put the ` +
  "card back into the box, and switch the box on.";
const TRY_AGAIN =
  "What to do: the file is not at fault. Once the above is put right, switch the box off and on: " +
  "it tries again at every start.";

/**
 * What is written beside a setup file that cannot be applied, with the line ends of Windows.
 *
 * @param inFile whether the faults are in that file, rather than in the system
 */
export function errorsText(faults: readonly string[], inFile: boolean): string {
  const lines = [
    inFile
      ? `KMS Box could not use ${SETUP_FILE}. Nothing was changed.`
      : `KMS Box could not do what ${SETUP_FILE} says.`,
    "",
    ...faults.flatMap((fault, index) => wrapped(`${index + 1}. `, fault)),
    "",
    ...wrapped("", inFile ? CORRECT : TRY_AGAIN),
    "",
    ...wrapped(
      "",
      `${SETUP_ERRORS_FILE} goes away by itself once everything is right. What may stand in ` +
        `${SETUP_FILE} is told in the README of KMS Box.`,
    ),
  ];
  return lines.map((line) => `${line}\r\n`).join("");
}

function wrapped(first: string, text: string): string[] {
  const lines: string[] = [];
  let line = first;
  for (const word of text.split(/\s+/)) {
    const indent = lines.length === 0 ? first : first && INDENT;
    const empty = line === indent;
    if (!empty && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = `${first && INDENT}${word}`;
    } else line += empty ? word : ` ${word}`;
  }
  return [...lines, line];
}
