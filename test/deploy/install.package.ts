import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DebianTree } from "./chroot.ts";
import { assertAddonsLoad, assertServes } from "./installed.ts";
import { buildPackages, VERSION } from "./packages.ts";

/** Everything on the system but what Debian's own tools write whenever a package comes or goes. */
const LIST = `find / -xdev -not -path '/tmp/*' -not -path '/proc/*' -not -path '/dev/*' \\
  -not -path '/var/lib/dpkg/*' -not -path '/var/cache/*' -not -path '/var/log/*' \\
  -not -path '/var/lib/apt/*' -not -path '/run/*' -not -path '/root/*' \\
  -not -name '.pwd.lock' -not -name '.updated' -not -name 'passwd-' -not -name 'group-' \\
  -not -name 'shadow-' -not -name 'gshadow-' | sort; cat /etc/passwd /etc/group`;

for (const architecture of ["amd64", "arm64", "armhf"] as const) {
  describe(`The package of ${architecture} on a Debian 13 with stock Node`, () => {
    let folder: string;
    let tree: DebianTree;
    let untouched: string;

    before(async function () {
      // A Debian of another processor is made by emulation, once.
      this.timeout(1_800_000);
      folder = await mkdtemp(join(tmpdir(), "kms-box-built-"));
      const [built] = await buildPackages(folder, { args: ["--arch", architecture] });
      tree = await DebianTree.create(architecture);
      untouched = await tree.sh(LIST);
      await tree.install(built?.file ?? "");
    });
    after(async () => {
      await tree?.remove();
      await rm(folder, { recursive: true, force: true });
    });

    it("starts its programs", async () => {
      for (const program of ["kms-box", "kms-client", "kms-vendor"]) {
        assert.equal(await tree.sh(`${program} --version`), `${VERSION}\n`);
      }
    });

    it("has addons that Node can load", () => assertAddonsLoad(tree));

    it("serves as its own user, with its state in its own folder", async () => {
      await assertServes(tree);
      assert.equal(await tree.sh("stat -c '%U %a' /var/lib/kms-box"), "kms-box 700\n");
    });

    it("keeps keys for the host alone, and its user may use the panel's hardware", async () => {
      const modes = await tree.sh("stat -c '%U:%G %a' /etc/kms-box/keys; id -nG kms-box");
      assert.equal(modes, "root:kms-box 750\nkms-box gpio i2c\n");
    });

    it("enables the service", async () => {
      const wanted = "/etc/systemd/system/multi-user.target.wants/kms-box.service";
      assert.match(await tree.sh(`readlink ${wanted}`), /kms-box\.service/);
    });

    if (architecture === "amd64") describeDocuments(() => tree);

    it("leaves the configuration and the state at a removal", async () => {
      await tree.sh("dpkg --remove kms-box");
      await tree.sh("test -e /etc/kms-box/config.json && test -d /var/lib/kms-box");
      await assert.rejects(tree.sh("test -e /usr/lib/kms-box"));
    });

    it("leaves nothing at a purge", async () => {
      await tree.sh("dpkg --purge kms-box");
      assert.deepEqual((await tree.sh(LIST)).split("\n"), untouched.split("\n"));
    });
  });
}

/** What is the same on every processor. */
function describeDocuments(tree: () => DebianTree): void {
  it("has manual pages that render without a warning", async () => {
    for (const program of ["kms-box", "kms-client", "kms-vendor"]) {
      const page = `/usr/share/man/man1/${program}.1.gz`;
      const said = await tree().sh(`man --warnings=all -E UTF-8 -l ${page} 2>&1 | col -b`);
      assert.match(said, new RegExp(`^${program.toUpperCase()}\\(1\\)`));
      assert.match(said, /\nCOMMANDS\n/);
      assert.doesNotMatch(said, /warning|error:/);
    }
  });

  it("completes commands as bash loads them", async () => {
    const script = `. /usr/share/bash-completion/bash_completion
      . /usr/share/bash-completion/completions/kms-box
      COMP_WORDS=(kms-box dns rec); COMP_CWORD=2; set +u; _kms_box; echo "\${COMPREPLY[@]}"`;
    assert.equal(await tree().sh(script), "record\n");
  });

  it("has units in which systemd finds no fault", async () => {
    const said = await tree().sh(
      "systemd-analyze verify /usr/lib/systemd/system/kms-*.service 2>&1",
    );
    assert.doesNotMatch(said, /kms-/, said);
  });
}
