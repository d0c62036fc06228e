import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { posix, win32 } from "node:path";

/** What the place of the state folder depends on; injected in tests. */
export interface Surroundings {
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly isRoot: boolean;
  exists(path: string): boolean;
}

const FOLDER = "kms-client";
const SYSTEM_FOLDER = `/var/lib/${FOLDER}`;

const HERE: Surroundings = {
  platform: process.platform,
  env: process.env,
  home: homedir(),
  isRoot: process.getuid?.() === 0,
  exists: existsSync,
};

/**
 * The folder that this user's client writes to, by each system's custom (on Linux the XDG Base
 * Directory Specification).
 */
export function ownStateFolder(here: Surroundings = HERE): string {
  const { platform, env, home } = here;
  if (platform === "win32") {
    const base = env.ProgramData || env.LOCALAPPDATA || win32.join(home, "AppData", "Local");
    return win32.join(base, FOLDER);
  }
  if (platform === "darwin") return posix.join(home, "Library", "Application Support", FOLDER);
  if (here.isRoot) return SYSTEM_FOLDER;
  return posix.join(env.XDG_STATE_HOME || posix.join(home, ".local", "state"), FOLDER);
}

/** The folder to read from: the user's own, else the one that the system's agent keeps. */
export function readableStateFolder(here: Surroundings = HERE): string {
  const own = ownStateFolder(here);
  return here.platform === "linux" && !here.exists(own) && here.exists(SYSTEM_FOLDER)
    ? SYSTEM_FOLDER
    : own;
}
