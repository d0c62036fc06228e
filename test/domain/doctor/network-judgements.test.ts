import type { NameServerFact, UseFact } from "../../../src/domain/doctor/network-facts.ts";
import {
  judgeAddress,
  judgeLink,
  judgeNameServers,
  judgeRoute,
  judgeUses,
} from "../../../src/domain/doctor/network-judgements.ts";
import { judgementTable } from "./judgement-table.ts";

const address = (text: string, linkLocal = false) => ({
  address: text,
  device: "eth0",
  linkLocal,
});

describe("the doctor on the network link", () => {
  judgementTable([
    ["one link is up", judgeLink([{ name: "eth0", state: "up" }]), "ok", /eth0/],
    [
      "one of two is up",
      judgeLink([
        { name: "eth0", state: "no-carrier" },
        { name: "wlan0", state: "up" },
      ]),
      "ok",
      /wlan0/,
    ],
    [
      "no cable",
      judgeLink([{ name: "eth0", state: "no-carrier" }]),
      "wrong",
      /No network cable is connected: eth0/,
      /Plug in the network cable/,
    ],
    [
      "turned off",
      judgeLink([{ name: "eth0", state: "off" }]),
      "wrong",
      /eth0 is turned off/,
      /ip link set eth0 up/,
    ],
    ["it does not tell", judgeLink([{ name: "eth0", state: "unknown" }]), "skipped", /not tell/],
    ["none is there", judgeLink([]), "wrong", /no network adapter/, /driver/],
    ["another system", judgeLink(null), "skipped", /does not tell/],
  ]);
});

describe("the doctor on the address", () => {
  judgementTable([
    [
      "usable ones",
      judgeAddress([address("10.0.0.5"), address("2001:db8::5"), address("fe80::1", true)]),
      "ok",
      /^10\.0\.0\.5 and 2001:db8::5\.$/,
    ],
    [
      "one of its own making",
      judgeAddress([address("fe80::1", true), address("169.254.7.8", true)]),
      "wrong",
      /gave itself the address 169\.254\.7\.8, as no DHCP server answered/,
      /DHCP/,
    ],
    ["only for the link", judgeAddress([address("fe80::1", true)]), "wrong", /no usable address/],
    ["none", judgeAddress([]), "wrong", /no usable address/, /fixed address/],
  ]);
});

describe("the doctor on duplicate addresses", () => {
  const use = (text: string, of: UseFact["use"]): UseFact => ({ address: text, use: of });
  const other = "02:00:00:00:00:0b";
  judgementTable([
    ["nobody else has it", judgeUses([use("10.0.0.5", { by: "us" })]), "ok", /Nobody else/],
    [
      "another machine has it",
      judgeUses([
        use("10.0.0.4", { by: "us" }),
        use("10.0.0.5", { by: "another", hardware: other }),
      ]),
      "wrong",
      /Another machine \(02:00:00:00:00:0b\) has the address 10\.0\.0\.5 too/,
      /another address/,
    ],
    [
      "the kernel met it",
      judgeUses([use("2001:db8::5", { by: "another", hardware: null })]),
      "wrong",
      /^Another machine has the address 2001:db8::5 too/,
    ],
    [
      "no program to look with",
      judgeUses([use("10.0.0.5", { by: "unknown", why: "not-installed" })]),
      "skipped",
      /not installed/,
      /^Install iputils-arping\.$/,
    ],
    [
      "not allowed to look",
      judgeUses([use("10.0.0.5", { by: "unknown", why: "not-permitted" })]),
      "skipped",
      /Only root/,
      /as root/,
    ],
    [
      "it failed",
      judgeUses([use("10.0.0.5", { by: "unknown", why: "failed" })]),
      "skipped",
      /failed/,
    ],
    ["nothing to look for", judgeUses([]), "skipped", /no address/],
  ]);
});

describe("the doctor on the default route", () => {
  const servers = ["10.9.9.9"];
  judgementTable([
    [
      "there is one",
      judgeRoute({ defaults: ["10.0.0.1 by eth0"], unreachableServers: [] }),
      "ok",
      /10\.0\.0\.1 by eth0/,
    ],
    [
      "none, and the name server is elsewhere",
      judgeRoute({ defaults: [], unreachableServers: servers }),
      "wrong",
      /no default route, and so no way to the name server 10\.9\.9\.9/,
      /gateway/,
    ],
    [
      "one of the other family only",
      judgeRoute({ defaults: ["fe80::1 by eth0"], unreachableServers: servers }),
      "wrong",
      /^No route leads to the name server 10\.9\.9\.9/,
    ],
    [
      "none, and none is needed",
      judgeRoute({ defaults: [], unreachableServers: [] }),
      "warning",
      /no default route: only machines of this machine's own network/,
      /gateway/,
    ],
    [
      "none, on a client",
      judgeRoute({ defaults: [], unreachableServers: [] }, { peer: "box" }),
      "warning",
      /no default route/,
      /^If the box is in another network, set the gateway/,
    ],
    [
      "none to the name server, but a host is reached",
      judgeRoute({ defaults: [], unreachableServers: servers }, { worksWithoutNames: true }),
      "warning",
      /no way to the name server 10\.9\.9\.9; a host is reached without it\.$/,
      /gateway/,
    ],
    ["another system", judgeRoute(null), "skipped", /does not tell/],
  ]);
});

describe("the doctor on name servers", () => {
  const servers = (...answers: NameServerFact["answer"][]) =>
    answers.map((answer, index) => ({ server: `10.0.0.${index + 1}`, answer }));
  judgementTable([
    ["it answers", judgeNameServers(servers("answers"), true), "ok", /^10\.0\.0\.1 answers\.$/],
    [
      "both answer",
      judgeNameServers(servers("answers", "answers"), true),
      "ok",
      /10\.0\.0\.1 and 10\.0\.0\.2 answer\./,
    ],
    [
      "it is silent",
      judgeNameServers(servers("silent"), true),
      "wrong",
      /^The name server 10\.0\.0\.1 does not answer\.$/,
      /Start the DNS server/,
    ],
    [
      "all are dead",
      judgeNameServers(servers("silent", "nothing-listens"), true),
      "wrong",
      /^None of the name servers 10\.0\.0\.1 and 10\.0\.0\.2 answers\.$/,
    ],
    [
      "all are dead, but a host is reached",
      judgeNameServers(servers("silent", "silent"), true, { worksWithoutNames: true }),
      "warning",
      /^None of the name servers 10\.0\.0\.1 and 10\.0\.0\.2 answers; a host is reached without/,
      /Start the DNS server/,
    ],
    [
      "one of two is dead",
      judgeNameServers(servers("answers", "silent"), true),
      "warning",
      /10\.0\.0\.2 does not answer; others do/,
      /slowly/,
    ],
    [
      "it cannot look up",
      judgeNameServers(servers("fails"), true),
      "warning",
      /cannot look names up/,
      /log/,
    ],
    [
      "none, and it is needed",
      judgeNameServers([], true),
      "wrong",
      /No name server is set/,
      /DHCP/,
    ],
    ["none, and none is needed", judgeNameServers([], false), "skipped", /nothing needs one/],
    ["another system", judgeNameServers(null, true), "skipped", /does not tell/],
  ]);
});
