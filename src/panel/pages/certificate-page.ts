import { KEY_ICON } from "../drawing/small-icons.ts";
import { drawText } from "../drawing/text.ts";
import { CERTIFICATE_TITLE, fingerprintLines } from "../wording.ts";
import { isTall, LEFT, lineTop, type PageContext } from "./page-context.ts";
import { drawTitle } from "./title.ts";

/** What to compare with what a browser says of the administration's certificate. */
export function drawCertificatePage(context: PageContext): void {
  const first = isTall(context) ? drawTitle(context, CERTIFICATE_TITLE, KEY_ICON) + 1 : 0;
  fingerprintLines(context.facts.fingerprint).forEach((line, index) => {
    drawText(context.target, line, LEFT, lineTop(first + index));
  });
}
