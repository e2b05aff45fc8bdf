/** Half a surrogate pair, left by a cut text, makes servers fail that decode JSON strictly. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\uFFFD");
}

/**
 * Several servers parse the arguments of earlier calls and refuse the whole conversation over one
 * malformed call of the model's, so that is sent as a JSON string of what the model wrote.
 */
export function legalArguments(text: string): string {
  if (text.trim() === "") return "{}";
  try {
    JSON.parse(text);
    return wellFormed(text);
  } catch {
    return JSON.stringify({ malformed_arguments: wellFormed(text) });
  }
}

/** Stands for an image where an API takes only text. */
export const omittedImage = "[An image was here. This API takes only text in tool results.]";
