import assert from "node:assert/strict";
import type { DebianTree } from "./chroot.ts";

/** Serves for a while, and prints what the box says of itself: as its own user, on the loopback only. */
const SERVE = `
cd /tmp
as_box() { setpriv --reuid=kms-box --regid=kms-box --init-groups "$@"; }
# Not by the function, which would be a process between.
setpriv --reuid=kms-box --regid=kms-box --init-groups \\
  kms-box serve --demo --json --port 16880 > /tmp/log 2>&1 & box=$!
for try in $(seq 600); do
  if as_box kms-box status --json > /tmp/status 2> /dev/null; then break; fi
  kill -0 $box || { cat /tmp/log >&2; exit 1; }
  sleep 0.2
done
cat /tmp/status
kill -TERM $box
wait $box
`;

/** The programs start, and the host answers from its own state folder. */
export async function assertServes(tree: DebianTree): Promise<void> {
  const status = JSON.parse(await tree.sh(SERVE)) as { products: { count: number }[] };
  assert.equal(status.products[0]?.count, 0);
}

/** Both addons are loaded as the panel loads them. */
export async function assertAddonsLoad(tree: DebianTree): Promise<void> {
  const code = `
    require("i2c-bus").openSync(1);
    require("onoff");
    new (require("epoll").Epoll)(() => {}).close();
    const loaded = process.report.getReport().sharedObjects;
    console.log(process.version, ...loaded.flatMap((file) => file.match(/[a-z0-9]+\\.node$/) ?? []).sort());`;
  const said = await tree.sh(`cd /usr/lib/kms-box/current && node -e '${code}'`);
  assert.match(said, /^v20\.[\d.]+ epoll\.node i2c\.node\n$/);
}
