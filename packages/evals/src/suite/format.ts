import {
  type ActionFormat,
  CodeActError,
  codeFormat,
  jsonFormat,
  nativeToolFormat,
  textFormat,
} from "@codeact/core";

const formats = {
  code: codeFormat,
  json: jsonFormat,
  text: textFormat,
  native: nativeToolFormat,
} as const;

/** A way of acting that can be measured. `native` is code as the argument of an API's function tool. */
export type FormatName = keyof typeof formats;

/** All of them. The first three are those of the paper. */
export const formatNames = Object.keys(formats) as readonly FormatName[];

/** The library's action format of that name. */
export function actionFormatOf(name: FormatName): ActionFormat {
  return formats[name]();
}

/**
 * Reads a name of a format.
 * @throws `CodeActError` with code `invalid-option`
 */
export function parseFormatName(text: string): FormatName {
  const name = formatNames.find((known) => known === text);
  if (name !== undefined) return name;
  throw new CodeActError(
    "invalid-option",
    `There is no format "${text}". The formats are: ${formatNames.join(", ")}.`,
  );
}
