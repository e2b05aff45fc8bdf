/** What code needs to behave normally, and what holds no secrets. */
const inheritedNames: readonly string[] = ["PATH", "HOME", "LANG", "LANGUAGE", "TZ", "TMPDIR"];
/** Without these, Python does not start on Windows. */
const windowsNames: readonly string[] = [
  "SYSTEMROOT",
  "SYSTEMDRIVE",
  "WINDIR",
  "COMSPEC",
  "PATHEXT",
  "TEMP",
  "TMP",
  "USERPROFILE",
  "APPDATA",
  "LOCALAPPDATA",
];

/** The environment of a Python process: a few harmless variables of the host, and `added`. */
export function minimalEnvironment(
  added: Readonly<Record<string, string>>,
  host: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const names =
    process.platform === "win32" ? [...inheritedNames, ...windowsNames] : inheritedNames;
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(host)) {
    if (value === undefined) continue;
    if (
      names.includes(process.platform === "win32" ? name.toUpperCase() : name) ||
      name.startsWith("LC_")
    )
      environment[name] = value;
  }
  return { ...environment, ...added };
}
