/** The first file descriptor that systemd hands over, see sd_listen_fds(3). */
const FIRST_FD = 3;
const MOST_SOCKETS = 64;

/**
 * Takes the sockets that systemd has opened for this process out of the environment: programs that it
 * runs must not think that they were theirs.
 *
 * @param pid of this process
 * @returns file descriptors of listening sockets by their names (`FileDescriptorName=`), the first of each
 */
export function takeActivatedSockets(
  env: NodeJS.ProcessEnv,
  pid: number,
): ReadonlyMap<string, number> {
  const { LISTEN_PID, LISTEN_FDS = "", LISTEN_FDNAMES = "" } = env;
  delete env.LISTEN_PID;
  delete env.LISTEN_FDS;
  delete env.LISTEN_FDNAMES;
  const sockets = new Map<string, number>();
  // A program in between may have left them in the environment.
  if (LISTEN_PID !== String(pid) || !/^\d{1,3}$/.test(LISTEN_FDS)) return sockets;
  const names = LISTEN_FDNAMES.split(":");
  const count = Math.min(Number(LISTEN_FDS), MOST_SOCKETS, names.length);
  for (const [index, name] of names.slice(0, count).entries()) {
    if (name !== "" && !sockets.has(name)) sockets.set(name, FIRST_FD + index);
  }
  return sockets;
}
