import assert from "node:assert/strict";
import { takeActivatedSockets } from "../../../src/adapters/system/activated-sockets.ts";

describe("sockets that systemd has opened", () => {
  const taken = (env: NodeJS.ProcessEnv) => [...takeActivatedSockets(env, 42)];

  it("are known by their names, and taken out of the environment", () => {
    const env = { LISTEN_PID: "42", LISTEN_FDS: "2", LISTEN_FDNAMES: "http:https", PATH: "/bin" };
    assert.deepEqual(taken(env), [
      ["http", 3],
      ["https", 4],
    ]);
    assert.deepEqual(env, { PATH: "/bin" });
  });

  it("are the first of each name", () => {
    const env = { LISTEN_PID: "42", LISTEN_FDS: "3", LISTEN_FDNAMES: "http:http:https" };
    assert.deepEqual(taken(env), [
      ["http", 3],
      ["https", 5],
    ]);
  });

  it("are none where they are another process's, or make no sense", () => {
    const names = { LISTEN_FDNAMES: "http:https" };
    for (const env of [
      {},
      { ...names, LISTEN_PID: "41", LISTEN_FDS: "2" },
      { ...names, LISTEN_PID: "42" },
      { ...names, LISTEN_PID: "42", LISTEN_FDS: "-1" },
      { ...names, LISTEN_PID: "42", LISTEN_FDS: "two" },
      { ...names, LISTEN_PID: "42", LISTEN_FDS: "0" },
      { LISTEN_PID: "42", LISTEN_FDS: "1" },
    ]) {
      assert.deepEqual(taken(env), [], JSON.stringify(env));
    }
  });

  it("are no more than there are", () => {
    const names = Array.from({ length: 9 }, (_, index) => `n${index}`).join(":");
    assert.equal(taken({ LISTEN_PID: "42", LISTEN_FDS: "2", LISTEN_FDNAMES: names }).length, 2);
  });
});
