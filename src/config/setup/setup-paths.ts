/** Files that setup keeps, each wholly its own but the two of the host name. */
export const SETUP_PATHS = Object.freeze({
  hostName: "/etc/hostname",
  hosts: "/etc/hosts",
  network: "/etc/NetworkManager/system-connections/kms-box.nmconnection",
  // After the package's own drop-in.
  timesyncd: "/etc/systemd/timesyncd.conf.d/60-kms-box-setup.conf",
  chrony: "/etc/chrony/sources.d/kms-box-setup.sources",
  /** The package's, which setup only reads. */
  config: "/etc/kms-box/config.json",
  state: "/var/lib/kms-box",
  settings: "/etc/kms-box/config.d/50-setup.json",
  keys: "/etc/kms-box/keys",
  licence: "/etc/kms-box/licence.jwt",
  sshKeys: "/etc/kms-box/ssh",
  sshd: "/etc/ssh/sshd_config.d/60-kms-box-setup.conf",
  /** What was applied last, for not doing it again. */
  applied: "/var/lib/kms-box-setup/applied",
  /** What the front panel shows while the setup file cannot be used. */
  fault: "/run/kms-box-setup/fault",
});
