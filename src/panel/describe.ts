import type { PanelFacts } from "./facts.ts";
import type { PageName, Screen } from "./screen.ts";
import {
  ago,
  CERTIFICATE_TITLE,
  clientsTitle,
  clockText,
  coarseTime,
  countStatus,
  dnsNextStep,
  dnsTitle,
  fingerprintLines,
  flashText,
  HOLD_TITLES,
  healthTitle,
  holdingNext,
  LET_GO,
  lapsingText,
  linkText,
  NO_ADDRESS,
  NO_CLIENT_YET,
  NO_FAULT,
  NO_PRODUCTS,
  publishedText,
  secondsLeft,
  temperatureText,
} from "./wording.ts";

/** What the display shows in plain lines, for logs and for who cannot see it. Never the code itself. */
export function describeScreen(screen: Screen, facts: PanelFacts): string[] {
  switch (screen.kind) {
    case "starting":
      return ["starting"];
    case "page":
      return describePage(screen.name, facts);
    case "holding":
      return [`${LET_GO} ${HOLD_TITLES[screen.action].title.toLowerCase()}`, holdingNext(screen)];
    case "code":
      return ["one-time code shown on the display"];
    case "message":
      return [screen.title, screen.detail];
    case "confirm-reset":
      return [`factory reset? tap within ${secondsLeft(screen.remainingMs)} s`];
    case "restart-offer":
      return [`restarting in ${secondsLeft(screen.remainingMs)} s`, "tap: power off"];
    case "restarting":
      return ["restarting"];
    case "resetting":
      return ["factory reset: erasing all data"];
    case "powering-off":
      return ["shutting down, do not unplug yet"];
    case "stopped":
      return ["stopped, safe to unplug"];
    case "off":
      return ["off, safe to unplug"];
  }
}

function describePage(name: PageName, facts: PanelFacts): string[] {
  switch (name.page) {
    case "fault":
      return describeFault(facts, name.index);
    case "count":
      return describeCount(facts, name.index);
    case "network":
      return describeNetwork(facts);
    case "dns":
      return describeDns(facts);
    case "clients":
      return describeClients(facts);
    case "health":
      return describeHealth(facts);
    case "certificate":
      return [CERTIFICATE_TITLE, ...fingerprintLines(facts.fingerprint)];
  }
}

function describeFault({ faults }: PanelFacts, index: number): string[] {
  const fault = faults[index];
  return fault
    ? [`${fault.level}: ${fault.title}`, fault.nextStep]
    : [NO_FAULT.title, NO_FAULT.nextStep];
}

function describeCount({ counts, serving }: PanelFacts, index: number): string[] {
  const count = counts[index];
  if (!count) return [NO_PRODUCTS.title, NO_PRODUCTS.nextStep];
  const { name, activationCount, activationThreshold } = count;
  return [name, `${activationCount} of ${activationThreshold}`, countStatus(count, serving)];
}

function describeNetwork({ network }: PanelFacts): string[] {
  const { hostname, addresses, link, port } = network;
  const all = addresses.length === 0 ? NO_ADDRESS : addresses.join(", ");
  return [`host ${hostname}, port ${port}, ${linkText(link)}`, all];
}

function describeDns({ dns, nowMs }: PanelFacts): string[] {
  const title = dnsTitle(dns);
  if (dns.state === "off") return [title, dnsNextStep(dns)];
  if (dns.state === "published") return [title, dns.record, publishedText(nowMs, dns.sinceMs)];
  if (dns.state === "failed") return [title, dns.record, dns.reason, dnsNextStep(dns)];
  return [title, dns.record, dnsNextStep(dns)];
}

function describeClients({ clients, nowMs }: PanelFacts): string[] {
  const { total, last, lapsingSoon } = clients;
  const latest = last ? `last: ${last.hostname}, ${ago(nowMs, last.atMs)}` : NO_CLIENT_YET;
  return [clientsTitle(total), latest, lapsingText(lapsingSoon)];
}

function describeHealth({ health }: PanelFacts): string[] {
  return [
    healthTitle(health),
    `clock ${clockText(health.clock)}`,
    `flash ${flashText(health.flash)}`,
    `temperature ${temperatureText(health.temperatureCelsius)}`,
    `up ${coarseTime(health.uptimeMs)}, started after: ${health.lastStart}`,
    `version ${health.version}`,
  ];
}
