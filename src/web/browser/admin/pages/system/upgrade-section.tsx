export function UpgradeSection() {
  return null;
}
