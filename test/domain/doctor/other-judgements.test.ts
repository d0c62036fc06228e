import {
  judgeLicence,
  judgeStorage,
  LEAST_FREE_BYTES,
} from "../../../src/domain/doctor/box-judgements.ts";
import {
  judgeOffset,
  judgeTimeServers,
  judgeTrust,
} from "../../../src/domain/doctor/time-judgements.ts";
import { type InstalledLicence, LicenceBook } from "../../../src/domain/licence.ts";
import { DAY_MS, HOUR_MS, SECOND_MS } from "../../../src/domain/units.ts";
import { judgementTable } from "./judgement-table.ts";

const NOW_MS = Date.UTC(2030, 0, 1);
const SKEW_MS = 4 * HOUR_MS;

describe("the doctor on the clock", () => {
  const server = "ntp.office.test";
  const ahead = (aheadMs: number | null) => judgeTimeServers([{ server, aheadMs }], SKEW_MS);
  judgementTable([
    ["it is trusted", judgeTrust({ trusted: true, detail: "NTP" }), "ok", /NTP/],
    [
      "it is not",
      judgeTrust({ trusted: false, detail: "nothing has set it." }),
      "wrong",
      /activates nobody: nothing has set it\.$/,
      /NTP/,
    ],
    ["to the second", ahead(-300), "ok", /agrees with the time server ntp\.office\.test to 1 s/],
    ["two minutes ahead", ahead(120_000), "warning", /2 min ahead of/, /NTP/],
    ["five hours behind", ahead(-5 * HOUR_MS), "wrong", /5 h behind .*more than 4 h is refused/],
    ["no server is reached", ahead(null), "skipped", /closed network/],
    ["no server is set", judgeTimeServers([], SKEW_MS), "skipped", /No time server is set/],
    ["the limit itself", judgeOffset(SKEW_MS, "the host", SKEW_MS), "warning", /4 h ahead/],
  ]);
});

describe("the doctor on licences", () => {
  const licence = (days: number, from = -10): InstalledLicence => ({
    token: `${days}`,
    vendorThumbprint: "v",
    claims: {
      iss: "Vendor",
      sub: "h",
      cnf: { jwk: { kty: "OKP", crv: "Ed25519", x: "x" } },
      products: [{ id: "p", name: "P", application: "a", threshold: 5 }],
      iat: (NOW_MS + from * DAY_MS) / SECOND_MS,
      nbf: (NOW_MS + from * DAY_MS) / SECOND_MS,
      exp: (NOW_MS + days * DAY_MS) / SECOND_MS,
      jti: "j",
    },
  });
  const judged = (licences: InstalledLicence[], trusted = true) =>
    judgeLicence(new LicenceBook(licences), NOW_MS, trusted);
  judgementTable([
    ["one is valid", judged([licence(200)]), "ok", /ends in 200 days/],
    ["it ends soon", judged([licence(30)]), "warning", /ends in 30 days/, /vendor/],
    ["it ends tomorrow", judged([licence(1)]), "warning", /ends in 1 day\./],
    ["a later one takes over", judged([licence(3), licence(400, 1)]), "ok", /400 days/],
    ["it has ended", judged([licence(-1)]), "wrong", /No licence is valid now/, /install/],
    ["it begins later", judged([licence(30, 2)]), "wrong", /No licence is valid now/],
    ["there is none", judged([]), "wrong", /No licence is installed/, /licence request/],
    ["there is no clock", judged([licence(200)], false), "skipped", /without a clock/],
  ]);
});

describe("the doctor on the flash", () => {
  judgementTable([
    ["all is well", judgeStorage(null, 8e9), "ok", /^8\.0 GB are/],
    ["it is full", judgeStorage(null, LEAST_FREE_BYTES - 1), "warning", /^100 MB are/, /bigger/],
    [
      "it failed",
      judgeStorage("the disk is read-only.", 8e9),
      "wrong",
      /nobody is activated: the disk is read-only\.$/,
      /SD card/,
    ],
    ["its space is unknown", judgeStorage(null, null), "ok", /can be written/],
    ["there is no folder", judgeStorage(undefined, null), "skipped", /not there/],
  ]);
});
