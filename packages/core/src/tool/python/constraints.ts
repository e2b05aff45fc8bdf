import type { JsonObject } from "../../json.js";
import { type JsonSchemaReader, optionsOf } from "../../schema/json-schema-reader.js";

/** What a person should know about a value: its description and, in words, its constraints. */
export function describeValue(schema: JsonObject, reader: JsonSchemaReader): string {
  const effective = withoutNull(schema, reader);
  const { description } = effective;
  const constraints = [
    ...numberConstraints(effective),
    ...sizeConstraints(effective, "minLength", "maxLength", "character"),
    ...sizeConstraints(effective, "minItems", "maxItems", "item"),
    ...formatConstraints(effective),
  ].join(", ");
  const text = typeof description === "string" ? description.trim() : "";
  if (constraints === "") return text;
  return text === "" ? constraints : `${text} (${constraints})`;
}

/** A nullable schema is described by what it is when it is not null. */
function withoutNull(schema: JsonObject, reader: JsonSchemaReader): JsonObject {
  const options = optionsOf(schema)
    ?.map((option) => reader.flatten(option))
    .filter((option) => option["type"] !== "null");
  const [only, ...others] = options ?? [];
  return only === undefined || others.length > 0 ? schema : { ...only, ...schema };
}

function numberConstraints(schema: JsonObject): string[] {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  const constraints: string[] = [];
  const least = isMeaningful(minimum) ? minimum : undefined;
  const most = isMeaningful(maximum) ? maximum : undefined;
  if (least !== undefined && most !== undefined) constraints.push(`${least} to ${most}`);
  else if (least !== undefined) constraints.push(`at least ${least}`);
  else if (most !== undefined) constraints.push(`at most ${most}`);
  if (typeof exclusiveMinimum === "number") constraints.push(`more than ${exclusiveMinimum}`);
  if (typeof exclusiveMaximum === "number") constraints.push(`less than ${exclusiveMaximum}`);
  if (typeof multipleOf === "number") constraints.push(`a multiple of ${multipleOf}`);
  return constraints;
}

// zod states the range of the number type itself, which says nothing.
function isMeaningful(bound: unknown): bound is number {
  return typeof bound === "number" && Math.abs(bound) < Number.MAX_SAFE_INTEGER;
}

function sizeConstraints(schema: JsonObject, least: string, most: string, unit: string): string[] {
  // A tuple says its length by its type.
  if ("prefixItems" in schema) return [];
  const minimum = schema[least];
  const maximum = schema[most];
  const count = (size: number) => `${size} ${unit}${size === 1 ? "" : "s"}`;
  if (typeof minimum === "number" && typeof maximum === "number") {
    return [minimum === maximum ? `exactly ${count(minimum)}` : `${minimum} to ${count(maximum)}`];
  }
  if (typeof minimum === "number" && minimum > 0) return [`at least ${count(minimum)}`];
  return typeof maximum === "number" ? [`at most ${count(maximum)}`] : [];
}

function formatConstraints(schema: JsonObject): string[] {
  const { format, pattern } = schema;
  if (format === "binary") return [];
  // The pattern of a known format is long and tells a reader less than its name.
  if (typeof format === "string") return [`format: ${format}`];
  return typeof pattern === "string" ? [`pattern: ${pattern}`] : [];
}
