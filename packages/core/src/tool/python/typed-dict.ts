import { isPlainKey } from "./identifier.js";
import { commentText, stringLiteral } from "./literal.js";

/** One key of a TypedDict. */
export interface TypedDictField {
  key: string;
  type: string;
  isRequired: boolean;
  comment: string;
}

/** What a TypedDict consists of besides its name. */
export interface TypedDictContent {
  fields: readonly TypedDictField[];
  comment: string;
  /**
   * Names of base classes, where some keys are required and some are not: `Required` and
   * `NotRequired` are newer than the oldest supported Python.
   */
  baseNames: { required: string; optional: string } | undefined;
}

/** Python source that defines a TypedDict; of functional form where a key is not an identifier. */
export function typedDict(name: string, content: TypedDictContent): string {
  const { fields, baseNames } = content;
  const heading = content.comment === "" ? "" : `# ${commentText(content.comment)}\n`;
  const required = fields.filter(({ isRequired }) => isRequired);
  const optional = fields.filter(({ isRequired }) => !isRequired);
  if (baseNames === undefined) return heading + definition(name, "TypedDict", fields);
  const base = definition(baseNames.required, "TypedDict", required);
  if (optional.every(({ key }) => isPlainKey(key))) {
    return `${base}\n${heading}${definition(name, baseNames.required, optional)}`;
  }
  // The functional form takes no base, so a class of its own joins the two.
  const bases = `${baseNames.required}, ${baseNames.optional}`;
  return [
    base,
    definition(baseNames.optional, "TypedDict", optional),
    `${heading}class ${name}(${bases}):\n    pass`,
  ].join("\n");
}

function definition(name: string, base: string, fields: readonly TypedDictField[]): string {
  const total = fields.every(({ isRequired }) => isRequired) ? "" : ", total=False";
  if (fields.every(({ key }) => isPlainKey(key))) {
    const lines = fields.map(({ key, type, comment }) => `    ${key}: ${type}${trailing(comment)}`);
    return `class ${name}(${base}${total}):\n${lines.join("\n")}`;
  }
  const lines = fields.map(
    ({ key, type, comment }) => `    ${stringLiteral(key)}: ${type},${trailing(comment)}`,
  );
  return `${name} = TypedDict(${stringLiteral(name)}, {\n${lines.join("\n")}\n}${total})`;
}

function trailing(comment: string): string {
  return comment === "" ? "" : `  # ${commentText(comment)}`;
}
