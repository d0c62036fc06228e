import assert from "node:assert/strict";
import fc from "fast-check";
import { clientNetwork, plainAddress } from "../../src/domain/source-address.ts";

describe("a source address", () => {
  it("is plain where an IPv4 address came in on an IPv6 socket", () => {
    assert.equal(plainAddress("::ffff:192.0.2.7"), "192.0.2.7");
    assert.equal(plainAddress("192.0.2.7"), "192.0.2.7");
    assert.equal(plainAddress("2001:db8::1"), "2001:db8::1");
    assert.equal(plainAddress("::ffff:1"), "::ffff:1");
  });

  it("counts as itself by IPv4", () => {
    assert.equal(clientNetwork("192.0.2.7"), "192.0.2.7");
  });

  const networks: [string, string][] = [
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8:1:2::6", "2001:db8:1:2::/64"],
    ["2001:db8::6", "2001:db8:0:0::/64"],
    ["2001:0db8:0001:0002::1", "2001:db8:1:2::/64"],
    ["2001:db8:1::2:3:4:5", "2001:db8:1:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["::", "0:0:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["fe80::2%wlan0", "fe80:0:0:0::/64"],
    ["64:ff9b::192.0.2.33", "64:ff9b:0:0::/64"],
    ["1:2:3:4:5:6:7::", "1:2:3:4::/64"],
  ];
  for (const [address, network] of networks) {
    it(`counts as its /64 by IPv6: ${address}`, () => {
      assert.equal(clientNetwork(address), network);
    });
  }

  it("counts the same for every address of one /64, and otherwise for another", () => {
    const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16));
    const half = fc.array(group, { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(half, half, half, (prefix, one, other) => {
        const network = clientNetwork([...prefix, ...one].join(":"));
        assert.equal(clientNetwork([...prefix, ...other].join(":")), network);
        const same = prefix.join(":") === other.join(":");
        assert.equal(clientNetwork([...other, ...one].join(":")) === network, same);
      }),
    );
  });

  it("is empty for a peer that has no address any more", () => {
    assert.equal(plainAddress(undefined), "");
    assert.equal(clientNetwork(""), "");
  });
});
