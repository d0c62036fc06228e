import { once } from "node:events";
import { isIP } from "node:net";
import { generate } from "selfsigned";
import type { CertificateOrder, MadeCertificate } from "./certificate-maker.ts";

const [{ names, fromMs, toMs }] = (await once(process, "message")) as [CertificateOrder];
const altNames = names.map((name) =>
  isIP(name) === 0 ? ({ type: 2, value: name } as const) : ({ type: 7, ip: name } as const),
);
const made = await generate([{ name: "commonName", value: names[0] ?? "kms-box" }], {
  keyType: "ec",
  curve: "P-256",
  algorithm: "sha256",
  notBeforeDate: new Date(fromMs),
  notAfterDate: new Date(toMs),
  extensions: [
    { name: "basicConstraints", cA: false, critical: true },
    { name: "keyUsage", digitalSignature: true, critical: true },
    { name: "extKeyUsage", serverAuth: true },
    { name: "subjectAltName", altNames },
  ],
});
const answer: MadeCertificate = { key: made.private, certificate: made.cert };
process.send?.(answer, () => process.disconnect());
