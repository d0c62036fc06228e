import assert from "node:assert/strict";
import { MINUTE_MS } from "../../../src/domain/units.ts";
import { LoginLimits } from "../../../src/services/admin/login-limits.ts";

const ADMINISTRATOR = "fe80::1";
const NEIGHBOUR = "fe80::bad";

describe("limits of logging in", () => {
  it("let a neighbour in the same /64 not keep out who has logged in from an address", () => {
    const limits = new LoginLimits();
    assert.equal(limits.take(ADMINISTRATOR, 0).waitMs, 0);
    limits.succeeded(ADMINISTRATOR);
    for (let n = 0; n < 4; n++) limits.take(NEIGHBOUR, 0);
    assert.equal(limits.take(NEIGHBOUR, 0).waitMs, 2000);
    assert.equal(limits.take("fe80::bad:2", 0).waitMs, 2000);
    assert.equal(limits.take(ADMINISTRATOR, 0).waitMs, 0);
  });

  it("count wrong tries of such an address too", () => {
    const limits = new LoginLimits();
    limits.succeeded(ADMINISTRATOR);
    for (let n = 0; n < 4; n++) assert.equal(limits.take(ADMINISTRATOR, 0).waitMs, 0);
    assert.equal(limits.take(ADMINISTRATOR, 0).waitMs, 2000);
    assert.equal(limits.take(NEIGHBOUR, 0).waitMs, 0);
  });

  it("let strangers together try so often in a minute, and not who has logged in", () => {
    const limits = new LoginLimits();
    limits.succeeded("192.0.2.1");
    for (let n = 1; n <= 20; n++) assert.equal(limits.take(`198.51.100.${n}`, 0).waitMs, 0);
    assert.equal(limits.take("198.51.100.21", 0).waitMs, 3000);
    assert.equal(limits.take("192.0.2.1", 0).waitMs, 0);
    assert.equal(limits.take("198.51.100.21", MINUTE_MS).waitMs, 0);
  });
});
