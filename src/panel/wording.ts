import { bytesText } from "../domain/bytes-text.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../domain/units.ts";
import type { DnsFacts, HealthFacts, NetworkFacts, PanelCount } from "./facts.ts";
import type { HoldAction, Screen } from "./screen.ts";

/** The panel's words, for the picture and for the description of it. */

/** How long ago, so coarse that it rarely changes: `just now`, `4 min ago`, `2 h ago`, `3 d ago`. */
export function ago(nowMs: number, atMs: number): string {
  const passedMs = nowMs - atMs;
  return passedMs >= MINUTE_MS ? `${coarseTime(passedMs)} ago` : "just now";
}

/** A length of time in its one fitting unit, rounded down. */
export function coarseTime(ms: number): string {
  if (!(ms >= MINUTE_MS)) return "0 min";
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min`;
  if (ms < 2 * DAY_MS) return `${Math.floor(ms / HOUR_MS)} h`;
  return `${Math.floor(ms / DAY_MS)} d`;
}

/** Seconds that are left, so that 0 is never shown before the time is up. */
export function secondsLeft(ms: number): number {
  return Number.isFinite(ms) ? Math.max(0, Math.ceil(ms / SECOND_MS)) : 0;
}

/** Minutes that are left, rounded up. */
export function minutesLeft(ms: number): string {
  return ms <= MINUTE_MS ? "under 1 min" : `${Math.ceil(ms / MINUTE_MS)} min`;
}

export function isActivating({ activationCount, activationThreshold }: PanelCount): boolean {
  return activationCount >= activationThreshold;
}

export function countStatus(count: PanelCount, serving: boolean): string {
  if (!serving) return "NOT SERVING";
  if (isActivating(count)) return "ACTIVATING";
  return `NEEDS ${count.activationThreshold - count.activationCount} MORE`;
}

/** What a box shows that no licence lets activate anything. */
export const NO_PRODUCTS = { title: "NO PRODUCTS", nextStep: "install a licence" };

/** What a fault's page shows once the fault has gone. */
export const NO_FAULT = { title: "ALL WELL", nextStep: "the fault has gone" };

export const NO_ADDRESS = "no address";

export function isIpv4(address: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(address);
}

/**
 * What a phone opens: the public page, or who this host is where that is not served; undefined without
 * an address that fits a small code.
 */
export function hostUrl({ addresses, port, webPort }: NetworkFacts): string | undefined {
  const address = addresses.find(isIpv4);
  if (address === undefined) return undefined;
  if (webPort === null) return `http://${address}:${port}/v1/host`;
  return webPort === 80 ? `http://${address}/` : `http://${address}:${webPort}/`;
}

/** The port that must be typed behind the address to open the page; else that of the clients. */
export function portText({ port, webPort }: NetworkFacts): string {
  return webPort === null || webPort === 80 ? `port ${port}` : `web :${webPort}`;
}

export function linkText(link: NetworkFacts["link"]): string {
  return link === "unknown" ? "link ?" : `link ${link}`;
}

export function dnsTitle({ state }: DnsFacts): string {
  return {
    off: "DNS OFF",
    pending: "DNS WAITS",
    published: "PUBLISHED",
    failed: "DNS FAILED",
    withdrawn: "WITHDRAWN",
  }[state];
}

/** How long the host has been published, to be read after the title. */
export function publishedText(nowMs: number, sinceMs: number): string {
  const passedMs = nowMs - sinceMs;
  return passedMs >= MINUTE_MS ? `for ${coarseTime(passedMs)}` : "just now";
}

/** What to do about a host that is not published; nothing if it is. */
export function dnsNextStep({ state }: DnsFacts): string {
  return {
    off: "clients need this host's name, or its record in DNS",
    pending: "being published",
    published: "",
    failed: "check DNS settings, or add the record by hand",
    withdrawn: "publish: kms-box dns publish",
  }[state];
}

export function lapsingText(lapsingSoon: number): string {
  if (lapsingSoon === 0) return "none lapse in 7 days";
  return `${lapsingSoon} ${lapsingSoon === 1 ? "lapses" : "lapse"} in 7 days`;
}

/** Free space in two digits, so that it rarely changes. */
export function flashText({ ok, freeBytes }: HealthFacts["flash"]): string {
  const state = ok ? "ok" : "FAILING";
  return freeBytes === null ? state : `${state}, ${bytesText(freeBytes)} free`;
}

export function clockText({ trusted, detail }: HealthFacts["clock"]): string {
  return [trusted ? "ok" : "NOT TRUSTED", detail].filter((part) => part !== "").join(", ");
}

export function temperatureText(celsius: number | null): string {
  return celsius === null ? "-" : `${Math.round(celsius)} °C`;
}

/** Stands before what letting go does. */
export const LET_GO = "let go now:";

/** What letting go of the button does. */
export const HOLD_TITLES: Readonly<Record<HoldAction, { title: string; shortTitle?: string }>> = {
  tap: { title: "NEXT PAGE" },
  code: { title: "ADMIN CODE" },
  restart: { title: "RESTART" },
  reset: { title: "FACTORY RESET", shortTitle: "RESET ALL" },
  nothing: { title: "NOTHING" },
};

/** What holding on leads to. */
export function holdingNext({ action, next, nextInMs }: Extract<Screen, { kind: "holding" }>) {
  if (action === "nothing" && next === "nothing") return "held too long";
  return `hold ${secondsLeft(nextInMs)} s: ${HOLD_TITLES[next].title.toLowerCase()}`;
}

export function healthTitle({ clock, flash }: HealthFacts): string {
  return clock.trusted && flash.ok ? "HEALTHY" : "NOT WELL";
}

export function clientsTitle(total: number): string {
  return total === 1 ? "1 CLIENT" : `${total} CLIENTS`;
}

export const NO_CLIENT_YET = "none activated yet";

export const CERTIFICATE_TITLE = "HTTPS certificate";
const FINGERPRINT_LINE = 16;

/** A fingerprint in four lines of four groups: `A1B2 C3D4 E5F6 0718`. */
export function fingerprintLines(fingerprint = ""): string[] {
  const digits = fingerprint.replaceAll(":", "");
  return Array.from({ length: Math.ceil(digits.length / FINGERPRINT_LINE) }, (_, line) =>
    digits
      .slice(line * FINGERPRINT_LINE, (line + 1) * FINGERPRINT_LINE)
      .replaceAll(/(.{4})(?=.)/g, "$1 "),
  );
}
