import {
  ATTENTION_ICON,
  ERASE_ICON,
  INFO_ICON,
  PLUG_ICON,
  POWER_ICON,
  RESTART_ICON,
} from "../drawing/large-icons.ts";
import type { Screen } from "../screen.ts";
import { secondsLeft } from "../wording.ts";
import type { Notice } from "./notice.ts";

/** The time for a confirmation, for the length of its bar. */
const CONFIRM_WITHIN_MS = 10_000;
/** The time for choosing to switch off instead of restarting, for the length of its bar. */
const OFFER_MS = 3000;

type NoticeScreen = Exclude<Screen, { kind: "page" | "holding" | "code" }>;

/** What the display says while the box is between two states. */
export function noticeOf(screen: NoticeScreen): Notice {
  switch (screen.kind) {
    case "starting":
      return { title: "KMS BOX", nextStep: "starting", icon: POWER_ICON };
    case "message":
      return { title: screen.title, nextStep: screen.detail, cut: true, icon: INFO_ICON };
    case "confirm-reset":
      return {
        title: "FACTORY RESET?",
        shortTitle: "RESET?",
        nextStep: `tap within ${secondsLeft(screen.remainingMs)} s`,
        icon: ATTENTION_ICON,
        bar: screen.remainingMs / CONFIRM_WITHIN_MS,
      };
    case "restart-offer":
      return {
        title: "RESTARTING",
        nextStep: "tap: power off",
        icon: RESTART_ICON,
        bar: screen.remainingMs / OFFER_MS,
      };
    case "restarting":
      return { title: "RESTARTING", nextStep: "back in a moment", icon: RESTART_ICON };
    case "resetting":
      return { title: "RESETTING", nextStep: "erasing all data, do not unplug", icon: ERASE_ICON };
    case "powering-off":
      return {
        title: "SHUTTING DOWN",
        shortTitle: "POWER OFF",
        nextStep: "do not unplug yet",
        icon: POWER_ICON,
      };
    case "stopped":
      return { title: "STOPPED", nextStep: "safe to unplug", icon: PLUG_ICON };
    case "off":
      return { title: "OFF", nextStep: "safe to unplug", icon: PLUG_ICON };
  }
}
