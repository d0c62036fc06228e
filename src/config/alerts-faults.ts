import type { Config } from "./schema.ts";

type AlertsOptions = Config["alerts"];
type MailOptions = AlertsOptions["mail"];
type WebhookOptions = AlertsOptions["webhooks"][number];

/** One address alone: what has spaces, commas or brackets could name others, or end a header. */
const ADDRESS = /^[^\s@<>,;:"()[\]\\]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;
const HOST = /^[A-Za-z0-9:](?:[A-Za-z0-9.:-]{0,251}[A-Za-z0-9:])?$/;

/** What no schema can say of `alerts`; each fault begins with where it was written. */
export function alertsFaults(source: string, { webhooks, mail }: AlertsOptions): string[] {
  const faults = webhooks.flatMap((each, index) =>
    webhookFaults(each, webhooks.slice(0, index)).map((fault) => `webhooks.${index}.${fault}`),
  );
  const all = [...faults, ...mailFaults(mail).map((fault) => `mail.${fault}`)];
  return all.map((fault) => `${source}: alerts.${fault}`);
}

/** A URL may hold what lets somebody post there: it is not repeated. */
function webhookFaults(
  { url, caFile }: WebhookOptions,
  before: readonly WebhookOptions[],
): string[] {
  if (!URL.canParse(url)) return ["url: it is no URL such as https://chat.office.example/hook"];
  const { protocol, username, password } = new URL(url);
  const faults: string[] = [];
  if (protocol !== "https:" && protocol !== "http:") {
    faults.push("url: it must begin with https:// or http://");
  }
  if (username !== "" || password !== "") {
    faults.push("url: it must not hold a password; messages are signed by secretFile");
  }
  if (caFile !== undefined && protocol !== "https:") faults.push("caFile: it needs https://");
  if (before.some((each) => each.url === url)) faults.push("url: it is named twice");
  return faults;
}

function mailFaults(mail: MailOptions): string[] {
  const { host, security, user, passwordFile, caFile, from, to } = mail;
  if (host === "") {
    const given = [user, passwordFile, caFile, from, ...to].some((each) => each !== "");
    return given ? ["host: name the mail server, or leave the other options out"] : [];
  }
  const faults: string[] = [];
  if (!HOST.test(host)) faults.push(`host: "${host}" is no name or address of a mail server`);
  if (!ADDRESS.test(from)) faults.push(`from: "${from}" is no address such as kms@office.example`);
  if (to.length === 0) faults.push("to: name at least one receiver");
  for (const each of to) {
    if (!ADDRESS.test(each)) faults.push(`to: "${each}" is no address such as it@office.example`);
  }
  if ((user === "") !== (passwordFile === "")) {
    faults.push("user: a login needs both user and passwordFile");
  }
  if (user !== "" && security === "none") {
    faults.push("security: a password is sent by starttls or tls only");
  }
  return faults;
}
