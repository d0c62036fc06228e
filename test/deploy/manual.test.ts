import assert from "node:assert/strict";
import { manualPage } from "../../deploy/packaging/manual.ts";
import { helpTree, TREE } from "./trees.ts";

const FACTS = {
  version: "1.2.3",
  date: "2026-01-02",
  seeAlso: ["other(1)"],
  files: [{ term: "/etc/box", text: "Its file." }],
};

describe("A manual page", () => {
  it("has every command with its options, but no entry for --help", () => {
    const page = manualPage(TREE, FACTS);
    assert.match(page, /^\.TH "BOX" 1 "2026\\-01\\-02" "KMS Box 1\.2\.3"/);
    assert.match(page, /\.SS "box dns record \[options\]"\nprint "it"/);
    assert.match(page, /\.TP\n\.B \\-\\-dir <dir>\nwhere/);
    assert.doesNotMatch(page, /help for command/);
    assert.match(page, /\.SH SEE ALSO\nother\(1\)\n$/);
  });

  it("keeps examples as they are written", () => {
    assert.match(
      manualPage(TREE, FACTS),
      /Examples:\n\.RS 4\n\.nf\nbox dns record \\\(rs\n {2}\\-\\-dir \.here\n\.fi\n\.RE/,
    );
  });

  it("lets no text be taken for a command of the typesetter", () => {
    const page = manualPage(helpTree({ name: "box", notes: [[".so /etc/passwd", "'x"]] }), FACTS);
    assert.match(page, /^\\&\.so \/etc\/passwd$/m);
    assert.match(page, /^\\&'x$/m);
  });
});
