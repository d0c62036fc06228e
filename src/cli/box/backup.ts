import { Command } from "commander";
import { withBox } from "./options.ts";

/** `kms-box backup`: create, inspect, restore, and onto a USB stick. */
export function backupCommand(): Command {
  return new Command("backup")
    .description("save a box in one encrypted file, and make a box of it")
    .addHelpText("after", HELP)
    .addCommand(createCommand())
    .addCommand(inspectCommand())
    .addCommand(restoreCommand())
    .addCommand(usbCommand())
    .addCommand(recordCommand(), { hidden: true });
}

const HELP = `
The file holds licences, clients, host key and settings, encrypted as the format age does
(https://age-encryption.org): "age --decrypt FILE" shows it as text.

Examples:
  kms-box backup create kms.age
  kms-box backup inspect kms.age
  kms-box backup restore kms.age`;

function createCommand(): Command {
  return withBox(new Command("create"))
    .description("back up a box, whether it runs or not")
    .argument("<file>", "file to write, which must not exist; - is standard output")
    .option("--passphrase-file <file>", "passphrase in the first line, chmod 600")
    .option("--recipient <key>", "encrypt to a public key of age in place of a passphrase")
    .option("--force", "replace a file that exists")
    .addHelpText("after", CREATE_HELP)
    .action(async (file, flags) => (await import("./backup/create.ts")).create(file, flags));
}

const CREATE_HELP = `
The passphrase is asked for, or read from standard input if that is no terminal; it has at least 12
characters. Without it, nobody can open the backup: keep it elsewhere, on paper.

Of the settings are saved: the configuration file (--config or KMS_BOX_CONFIG), and config.d/ and keys/
beside it. Not saved: keys in other folders, network settings of the machine, and logs.

Exit status: 0 written, 1 failed with nothing written, 2 wrong usage or configuration.

Examples:
  kms-box backup create /media/usb/kms.age
  kms-box backup create kms.age --passphrase-file /root/passphrase --json
  kms-box backup create - --passphrase-file /root/passphrase | ssh store "cat > kms.age"
  kms-box backup create kms.age --recipient age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p`;

function withKey(command: Command): Command {
  return command
    .option("--passphrase-file <file>", "passphrase in the first line, chmod 600")
    .option("--identity <file>", "identity of age, where the backup is encrypted to a key");
}

function inspectCommand(): Command {
  return withKey(new Command("inspect"))
    .description("verify a backup and say what is in it; changes nothing")
    .argument("<file>", "backup")
    .option("--json", "answer as JSON, errors too")
    .addHelpText("after", INSPECT_HELP)
    .action(async (file, flags) => (await import("./backup/inspect.ts")).inspect(file, flags));
}

const INSPECT_HELP = `
Exit status: 0 whole, 1 damaged, cut, of a later version, or not to be opened with that passphrase.

Examples:
  kms-box backup inspect kms.age
  kms-box backup inspect kms.age --passphrase-file /root/passphrase --json`;

function restoreCommand(): Command {
  return withKey(withBox(new Command("restore")))
    .description("make a stopped, new box the one of a backup")
    .argument("<file>", "backup")
    .option("--replace", "also where there is a box with clients or a licence, or other settings")
    .option("--no-settings", "leave configuration and DNS keys as they are")
    .addHelpText("after", RESTORE_HELP)
    .action(async (file, flags) => (await import("./backup/restore.ts")).restore(file, flags));
}

const RESTORE_HELP = `
Verifies the whole backup, puts the settings back, and records the restore; the box becomes the one of
the backup when it next starts. A power cut leaves either the box as it was or the restored one.

The restored box has the key of the old one, and a higher generation. Clients that it has activated
refuse the old one from then on, and tell it so: it stops issuing. Switch it off all the same.

Exit status: 0 recorded, 1 failed with the box as it was, 2 wrong usage or configuration.

Examples:
  systemctl stop kms-box
  kms-box backup restore /media/usb/kms.age
  systemctl start kms-box`;

function usbCommand(): Command {
  return withBox(new Command("usb"))
    .description("back up onto a USB stick, and remove older backups of this box from it")
    .argument("<place>", "device, such as /dev/sda1, or folder where a stick is mounted")
    .addHelpText("after", USB_HELP)
    .action(async (place, flags) => (await import("./backup/usb.ts")).usb(place, flags));
}

/** For the box itself, which is asked for a restore while it runs. */
function recordCommand(): Command {
  return withBox(new Command("record"))
    .argument("<file>", "backup")
    .requiredOption("--own-generation <n>", "of the box that it replaces")
    .action(async (file, flags) => (await import("./backup/restore.ts")).record(file, flags));
}

const USB_HELP = `
Encrypted to backup.recipient or with the passphrase in backup.passphraseFile of the configuration;
backup.keep backups of this box stay on the stick (10 by default). A device is mounted for this alone and
unmounted again, which needs root. The event log and the panel tell when the stick may be pulled.

The package does this by itself with every stick whose label is KMSBOX, once it is plugged in.

Exit status: 0 written, 1 failed, 2 wrong usage or configuration.

Examples:
  kms-box backup usb /dev/sda1
  kms-box backup usb /media/usb --json`;
