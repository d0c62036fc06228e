import assert from "node:assert/strict";
import { mailText } from "../../../src/adapters/alerts/mail-text.ts";
import { ALERT } from "../../support/alerts-rig.ts";

const BOX = { hostname: "kms", host: "t", version: "1.2.3" };

describe("the text of a mail", () => {
  it("has the sentence as subject, and in the body what to do and since when", () => {
    assert.deepEqual(mailText([ALERT], BOX), {
      subject: "[KMS Box kms] The supply voltage is too low.",
      text:
        "The supply voltage is too low.\nUse another.\nSince 2025-01-06 08:00 UTC; warning.\n" +
        "\n-- \nKMS Box 1.2.3 on kms\n",
    });
  });

  it("tells several at once, and which are over or told again", () => {
    const over = { ...ALERT, news: "resolved" as const, sentence: "It is good again." };
    const again = { ...ALERT, news: "reminder" as const };
    const { subject, text } = mailText([over, again], BOX);
    assert.equal(subject, "[KMS Box kms] Over: It is good again. (and 1 more)");
    assert.match(text, /^Over: It is good again\.\nUse another\.\nIt was so since 2025/);
    assert.match(text, /\n\nStill: The supply voltage is too low\.\n/);
  });

  it("cannot be made to carry a header of somebody's own", () => {
    const sentence = "Wrong.\r\nBcc: all@office.test\u2028X: y";
    const { subject } = mailText([{ ...ALERT, sentence }], { ...BOX, hostname: "a\nb" });
    assert.equal(subject, "[KMS Box a b] Wrong. Bcc: all@office.test X: y");
    const long = mailText([{ ...ALERT, sentence: "x".repeat(1000) }], BOX);
    assert.equal(long.subject.length, 200);
  });
});
