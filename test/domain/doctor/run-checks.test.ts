import assert from "node:assert/strict";
import { type Finding, ok, skipped, warning, wrong } from "../../../src/domain/doctor/finding.ts";
import { type Check, runChecks } from "../../../src/domain/doctor/run-checks.ts";
import { diagnose } from "../../../src/domain/doctor/summary.ts";

const NEVER = new Promise<void>(() => undefined);

function check(id: string, look: Check["look"], ...needs: string[]): Check {
  return { id, title: id.toUpperCase(), needs, look };
}

const run = (...checks: Check[]) => runChecks(checks, { deadline: NEVER });
const brief = (findings: readonly Finding[]) =>
  findings.map(({ result, evidence }) => `${result}: ${evidence}`);

describe("running checks", () => {
  it("does not look where the cause is known, however far it is", async () => {
    const findings = await run(
      check("link", () => wrong("No cable.", "Plug it in.")),
      check("address", () => assert.fail(), "link"),
      check("route", () => assert.fail(), "address"),
      check("flash", () => ok("Good.")),
    );
    assert.deepEqual(brief(findings), [
      "wrong: No cable.",
      "skipped: Not checked because of: LINK.",
      "skipped: Not checked because of: LINK.",
      "ok: Good.",
    ]);
  });

  it("looks on after a warning, and after what could not be looked at", async () => {
    const findings = await run(
      check("a", () => warning("So so.", "Look.")),
      check("b", () => skipped("Nobody knows.")),
      check("c", () => ok("Good."), "a", "b", "unheard-of"),
    );
    assert.equal(findings.at(-1)?.result, "ok");
  });

  it("looks at the same time at what does not depend on each other", async () => {
    let looking = 0;
    let most = 0;
    const slow = async () => {
      most = Math.max(most, ++looking);
      await new Promise(setImmediate);
      looking--;
      return ok("Good.");
    };
    await run(check("a", slow), check("b", slow), check("c", slow, "a"));
    assert.equal(most, 2);
  });

  it("takes a look that breaks for no reason to stop", async () => {
    const [broken, next] = await run(
      check("a", () => Promise.reject(new Error("oops"))),
      check("b", () => ok("Good."), "a"),
    );
    assert.equal(broken?.result, "warning");
    assert.match(broken?.evidence ?? "", /oops/);
    assert.equal(next?.result, "ok");
  });

  it("skips what is not known in time, and begins nothing after that", async () => {
    const findings = await runChecks(
      [
        check("a", () => ok("Good.")),
        check("b", () => NEVER.then(() => ok("Late."))),
        check("c", () => assert.fail(), "b"),
      ],
      { deadline: new Promise((resolve) => setImmediate(resolve)) },
    );
    assert.deepEqual(
      findings.map(({ result }) => result),
      ["ok", "skipped", "skipped"],
    );
  });

  it("tells what is still looked at", async () => {
    const told: (readonly string[])[] = [];
    await runChecks([check("a", () => ok("Good.")), check("b", () => ok("Good."), "a")], {
      deadline: NEVER,
      progress: (running) => told.push(running),
    });
    assert.deepEqual(told, [["B"], []]);
  });
});

describe("a diagnosis", () => {
  const of = (...judged: ReturnType<typeof ok>[]) =>
    diagnose(judged.map((each, index) => ({ id: `${index}`, title: "T", ...each })));

  it("says that everything is well", () => {
    assert.deepEqual([of(ok("A."), ok("B.")).summary, of().result], ["Everything is well.", "ok"]);
  });

  it("admits what was not checked", () => {
    const { result, summary } = of(ok("A."), skipped("B.", "Install it."));
    assert.equal(result, "ok");
    assert.match(summary, /as far as it was checked; not checked: T\.$/);
    assert.equal(of(ok("A."), skipped("It does not apply.")).summary, "Everything is well.");
  });

  it("tells the first of what is wrong with its next step, and how much more there is", () => {
    const one = of(warning("W.", "X."), wrong("A.", "Do B."), skipped("S."));
    assert.deepEqual([one.result, one.summary], ["wrong", "A. Do B."]);
    assert.match(of(wrong("A.", "B."), wrong("C.", "D.")).summary, /^A\. B\. \(One more thing is/);
    const three = of(wrong("A.", "B."), wrong("C.", "D."), wrong("E.", "F."));
    assert.match(three.summary, /\(2 more things are wrong\.\)$/);
  });

  it("tells the first warning where nothing is wrong", () => {
    const { result, summary } = of(ok("A."), warning("W.", "X."), warning("Y.", "Z."));
    assert.equal(result, "warning");
    assert.equal(summary, "Nothing is wrong, but: W. X. (One more thing is worth a look.)");
  });
});
