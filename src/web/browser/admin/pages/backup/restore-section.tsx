export function RestoreSection() {
  return null;
}
