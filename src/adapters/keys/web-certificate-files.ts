import { isDurableFile } from "../../platform/durable-file.ts";

export const WEB_KEY_FILE = "web.key";
export const WEB_CERTIFICATE_FILE = "web.crt";

/** Whether a file of that name is of the certificate, or what a power cut left of one being written. */
export function isWebCertificateFile(name: string): boolean {
  return isDurableFile(name, WEB_KEY_FILE) || isDurableFile(name, WEB_CERTIFICATE_FILE);
}
