/** A version of a model, as addresses name it. */
export type VersionRef = { name: string; version: string };

export function versionAddress({ name, version }: VersionRef): string {
  return `/${encodeURIComponent(name)}/${encodeURIComponent(version)}`;
}

/** Names may hold any character, so each part is encoded before they are put together. */
export function compareAddress(left: VersionRef, right: VersionRef): string {
  const text = [left.name, left.version, right.name, right.version].map(encodeURIComponent);
  return `/compare/${encodeURIComponent(text.join(","))}`;
}

export function comparedIn(text: string): [VersionRef, VersionRef] | null {
  try {
    const [name, version, otherName, otherVersion] = text.split(",").map(decodeURIComponent);
    if (!name || !version || !otherName || !otherVersion) return null;
    return [
      { name, version },
      { name: otherName, version: otherVersion },
    ];
  } catch {
    return null;
  }
}
