import { validRange } from "@renovatebot/pep440";
import { type Marker, parseMarker } from "./marker.js";
import { RequirementError } from "./requirement-error.js";
import { normalName } from "./wheel-name.js";

/** What a package or a user asks for (PEP 508). */
export interface Requirement {
  /** In its normal form. */
  name: string;
  extras: readonly string[];
  /** Versions that will do, such as `>=1,<2`; empty for any. */
  specifier: string;
  marker: Marker | undefined;
}

const form =
  /^([a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)\s*(?:\[([^\]]*)\])?\s*(?:\(([^)]*)\)\s*|([^;@]*))(@.*?)?(?:;(.*))?$/is;

/** Reads a requirement. @throws RequirementError */
export function parseRequirement(text: string): Requirement {
  const match = form.exec(text.trim());
  if (match === null) throw new RequirementError(`${JSON.stringify(text)} is no requirement`);
  const [, name = "", extras = "", inParentheses, plain = "", url, marker] = match;
  if (url !== undefined) {
    throw new RequirementError(`${JSON.stringify(text)} names a URL, and only names work here`);
  }
  const specifier = (inParentheses ?? plain).trim().replace(/,$/, "");
  if (!validRange(specifier)) {
    throw new RequirementError(`${JSON.stringify(text)} has versions that cannot be read`);
  }
  return {
    name: normalName(name),
    extras: extras
      .split(",")
      .map(normalName)
      .map(trim)
      .filter((extra) => extra !== ""),
    specifier,
    marker: marker === undefined ? undefined : parseMarker(marker),
  };
}

function trim(text: string): string {
  return text.trim();
}
