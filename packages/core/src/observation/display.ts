import type { MimeBundle } from "../executor/output.js";
import type { ImagePart } from "../model/message.js";
import { wording } from "./wording.js";

const imageTypes = ["image/png", "image/jpeg", "image/webp", "image/gif"] as const;

/** In order of preference; what is plain tells a model as much as what is rich, in fewer tokens. */
const textTypes = ["text/markdown", "text/plain", "text/latex", "text/html"] as const;

/** What a model can see of a displayed value. */
export type ShownDisplay = { type: "image"; image: ImagePart } | { type: "text"; text: string };

/** Chooses the representation of a displayed value that a model can use best. */
export function showDisplay(data: MimeBundle): ShownDisplay {
  for (const mediaType of imageTypes) {
    const value = data[mediaType];
    if (typeof value !== "string" || value === "") continue;
    return { type: "image", image: { type: "image", mediaType, data: value.replace(/\s/g, "") } };
  }
  for (const type of textTypes) {
    const text = asText(data[type]);
    if (text === undefined || (type === "text/plain" && isUseless(text, data))) continue;
    return { type: "text", text };
  }
  const json = Object.keys(data).find((type) => /^application\/(?:.*\+)?json$/.test(type));
  if (json !== undefined) return { type: "text", text: JSON.stringify(data[json]) };
  return { type: "text", text: wording.notShown(Object.keys(data)) };
}

function asText(value: MimeBundle[string] | undefined): string | undefined {
  if (typeof value === "string") return value;
  // Jupyter's file format splits text into lines.
  return Array.isArray(value) && value.every((line) => typeof line === "string")
    ? value.join("")
    : undefined;
}

/** `<IPython.core.display.HTML object>` says less than what it stands for. */
function isUseless(plain: string, data: MimeBundle): boolean {
  return /^<IPython\.[\w.]+ object>$/.test(plain.trim()) && Object.keys(data).length > 1;
}
