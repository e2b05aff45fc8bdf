import { unzipSync } from "fflate/browser";
import { RequirementError } from "./requirement-error.js";

const metadataName = /^[^/]+\.dist-info\/METADATA$/;
/** Far beyond any honest one: what it unpacks to is taken into memory, and once only. */
const maxMetadataBytes = 4_194_304;
const maxLineCharacters = 4000;

/** What a wheel says that it needs. @throws RequirementError when it says nothing readable. */
export function readDependencies(wheel: Uint8Array, fileName: string): string[] {
  let files: Record<string, Uint8Array>;
  let isFound = false;
  try {
    files = unzipSync(wheel, {
      filter: ({ name, originalSize }) => {
        if (isFound || !metadataName.test(name) || originalSize > maxMetadataBytes) return false;
        isFound = true;
        return true;
      },
    });
  } catch (error) {
    throw new RequirementError(`${fileName} cannot be read`, { cause: error });
  }
  const [metadata] = Object.values(files);
  if (metadata === undefined) throw new RequirementError(`${fileName} has no metadata`);
  const lines = new TextDecoder().decode(metadata).split(/\r?\n/);
  const end = lines.indexOf("");
  return lines
    .slice(0, end === -1 ? lines.length : end)
    .filter((line) => /^Requires-Dist:/i.test(line) && line.length <= maxLineCharacters)
    .map((line) => line.slice(line.indexOf(":") + 1).trim());
}
