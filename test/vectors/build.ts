import { makeJws } from "../../src/protocol/jws.ts";
import { makeRequest } from "../../src/protocol/request.ts";
import { privateJwkOf } from "../support/keys.ts";
import { invalidLeases } from "./invalid-leases.ts";
import { invalidRequests } from "./invalid-requests.ts";
import {
  client,
  expectation,
  host,
  leaseToken,
  licenceToken,
  NOW,
  REQUEST,
  requestToken,
  shown,
  stranger,
  vendor,
} from "./subjects.ts";

/** From the root of the repository, where tests and scripts run. */
export const vectorsFolder = "test/vectors";

/** Every file of vectors by its name: always the same bytes, since Ed25519 draws no randomness. */
export async function buildVectors(): Promise<Record<string, string>> {
  const licence = await licenceToken();
  const files = {
    "keys.json": keys(),
    "licence.json": { about: "A licence and what it says.", ...shown(licence) },
    "requests.json": await requests(),
    "invalid-requests.json": {
      about:
        "Requests that a host refuses whose clock says `now`, that holds the licence of " +
        "licence.json, and that has accepted `before`, in this order; `problem` is the name at " +
        "the end of the refusal's type.",
      now: NOW,
      before: [await requestToken()],
      requests: await invalidRequests(),
    },
    "lease.json": {
      about:
        "The answer to the first request of requests.json, and what the client holds it against.",
      expected: expectation(),
      licence,
      ...shown(await leaseToken()),
    },
    "invalid-leases.json": {
      about: "Answers that a client must not believe; `reason` says why.",
      expected: expectation(),
      answers: await invalidLeases(),
    },
  };
  return Object.fromEntries(
    Object.entries(files).map(([name, value]) => [name, `${JSON.stringify(value, null, 2)}\n`]),
  );
}

function keys() {
  const named = { vendor, host, client, stranger };
  return {
    about: "Keys made for these vectors only. Never use them for anything else.",
    keys: Object.entries(named).map(([name, { thumbprint, cmid }]) => ({
      name,
      jwk: privateJwkOf(`vector ${name}`),
      thumbprint,
      cmid,
    })),
  };
}

async function requests() {
  const { publicJwk } = client;
  const sign = (data: Uint8Array) => client.sign(data);
  const more = { iat: NOW + 60, jti: "cmVxdWVzdC10d28tLS0tLS0", status: "licensed" as const };
  const header = { typ: "kms-request+jwt", alg: "EdDSA", kid: client.thumbprint, jwk: publicJwk };
  return {
    about: "Requests that a host accepts whose clock says `now`, one after the other.",
    now: NOW,
    requests: [
      { name: "as a client sends it", ...shown(await requestToken()) },
      {
        name: "with the algorithm's older name, the key's own name, and a member of a later version",
        ...shown(await makeJws(header, { ...REQUEST, ...more, later: true }, sign)),
      },
      {
        name: "of the same second as the one before, with another jti",
        ...shown(await makeRequest({ ...REQUEST, ...more, jti: "a".repeat(128) }, publicJwk, sign)),
      },
    ],
  };
}
