/** What the name of a wheel's file says. */
export interface WheelName {
  fileName: string;
  /** In its normal form. */
  name: string;
  version: string;
  pythons: readonly string[];
  abis: readonly string[];
  platforms: readonly string[];
}

/** The Python that a wheel has to work in. */
export interface TargetPython {
  /** Its version, such as 3.14.2. */
  version: string;
  /** The version of Pyodide's interface to compiled code, such as 2026_0. */
  abi: string;
}

/** Reads the name of a wheel; `undefined` when it is none. */
export function parseWheelName(fileName: string): WheelName | undefined {
  if (!fileName.endsWith(".whl")) return undefined;
  const parts = fileName.slice(0, -".whl".length).split("-");
  // There may be a number of the build in between.
  if (parts.length !== 5 && parts.length !== 6) return undefined;
  const [name = "", version = ""] = parts;
  const [pythons = [], abis = [], platforms = []] = parts.slice(-3).map((part) => part.split("."));
  return { fileName, name: normalName(name), version, pythons, abis, platforms };
}

/** The name of the file at a place, be it a path or a URL. */
export function fileNameOf(place: string): string {
  const path = new URL(place.replaceAll("\\", "/"), "file:///").pathname;
  return decodeURIComponent(path.slice(path.lastIndexOf("/") + 1));
}

/** The form in which names of packages are compared. */
export function normalName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}

/** How well a wheel fits, 0 best; `undefined` when it does not work there. */
export function wheelRank(wheel: WheelName, { version, abi }: TargetPython): number | undefined {
  const minor = Number(version.split(".")[1]);
  const runs = (python: string): boolean => {
    const [, kind, number] = /^(py|cp)3(\d*)$/.exec(python) ?? [];
    if (kind === undefined) return false;
    if (kind === "py") return number === "" || Number(number) <= minor;
    return Number(number) === minor || (wheel.abis.includes("abi3") && Number(number) <= minor);
  };
  if (!wheel.pythons.some(runs)) return undefined;
  if (!wheel.abis.some((each) => each === "none" || each === "abi3" || each === `cp3${minor}`)) {
    return undefined;
  }
  if (wheel.platforms.some((platform) => platform.endsWith(`_${abi}_wasm32`))) return 0;
  return wheel.platforms.includes("any") ? 1 : undefined;
}

/** What a wheel has to be to work there, in words. */
export function describeTarget({ version, abi }: TargetPython): string {
  const [major, minor] = version.split(".");
  return `plain Python, or for Python ${major}.${minor} and pyemscripten_${abi}_wasm32`;
}
