import type { JsonSchema } from "../../executor/tool-call.js";
import type { JsonObject, JsonValue } from "../../json.js";
import {
  isJsonObject,
  JsonSchemaReader,
  optionsOf,
  stringsOf,
} from "../../schema/json-schema-reader.js";
import { describeValue } from "./constraints.js";
import { reservedReason, toClassName, typingNames } from "./identifier.js";
import { stringLiteral } from "./literal.js";
import { type TypedDictField, typedDict } from "./typed-dict.js";
import { literalType, union } from "./union.js";

/** A schema that others refer to, while or after its type was written. */
interface NamedType {
  name: string;
  expression?: string;
  isRecursive: boolean;
}

/**
 * Writes JSON Schema as Python type expressions, valid in annotations of Python 3.9, and collects
 * the definitions that they need. Objects become TypedDicts, named after the place of their first
 * use; equal objects share one.
 */
export class TypeWriter {
  readonly reader: JsonSchemaReader;
  readonly #side: "input" | "output";
  readonly #prefix: string;
  readonly #names: Set<string>;
  readonly #definitions: string[] = [];
  readonly #references = new Map<JsonValue, NamedType>();
  readonly #typedDicts = new Map<string, string>();

  /** Every name begins with `prefix`, and none is in `taken`, to which new ones are added. */
  constructor(root: JsonSchema, side: "input" | "output", prefix: string, taken: Set<string>) {
    this.reader = new JsonSchemaReader(root);
    this.#side = side;
    this.#prefix = prefix;
    this.#names = taken;
  }

  /** Class and alias definitions, in the order in which Python can execute them. */
  get definitions(): readonly string[] {
    return this.#definitions;
  }

  /** The type of a schema. `name` is for the definition that it may need. */
  write(schema: JsonValue, name: string): string {
    if (!isJsonObject(schema)) return schema === false ? "NoReturn" : "Any";
    // The root is also what "#" refers to.
    if (schema === this.reader.root && schema["$ref"] === undefined) {
      return this.#writeShared(schema, name);
    }
    const reference = schema["$ref"];
    if (typeof reference === "string" && schema["properties"] === undefined) {
      const target = this.reader.resolve(reference);
      const own = /^#\/(?:\$defs|definitions)\/([^_][^/]*)$/.exec(reference)?.[1];
      return this.#writeShared(target, own === undefined ? name : this.#qualify(own));
    }
    return this.#writeObject(this.reader.flatten(schema), name);
  }

  /** The fields of an object schema, required ones first. */
  fields(schema: JsonObject, name: string): (TypedDictField & { schema: JsonValue })[] {
    const required = new Set(stringsOf(schema["required"]));
    const properties = isJsonObject(schema["properties"]) ? schema["properties"] : {};
    const keys = new Set([...Object.keys(properties), ...required]);
    const fields = [...keys].map((key) => {
      const property = Object.hasOwn(properties, key) ? (properties[key] ?? true) : true;
      const flat = this.reader.flatten(property);
      const isFilledIn = this.#side === "input" && "default" in flat;
      return {
        key,
        schema: property,
        isRequired: required.has(key) && !isFilledIn,
        type: this.write(property, name + toClassName(key)),
        comment: describeValue(flat, this.reader),
      };
    });
    return [
      ...fields.filter(({ isRequired }) => isRequired),
      ...fields.filter(({ isRequired }) => !isRequired),
    ];
  }

  #qualify(name: string): string {
    const className = toClassName(name);
    return className.startsWith(this.#prefix) ? className : this.#prefix + className;
  }

  #writeShared(target: JsonValue, name: string): string {
    if (!isJsonObject(target)) return this.write(target, name);
    const known = this.#references.get(target);
    if (known !== undefined) {
      if (known.expression !== undefined) return known.expression;
      known.isRecursive = true;
      return stringLiteral(known.name);
    }
    const flat = this.reader.flatten(target);
    const named: NamedType = {
      name: isTypedDict(flat) ? (this.#typedDicts.get(shapeOf(flat)) ?? this.#unique(name)) : name,
      isRecursive: false,
    };
    this.#references.set(target, named);
    const expression = this.#writeObject(flat, named.name, true);
    if (named.isRecursive && expression !== named.name) {
      this.#names.add(named.name);
      this.#definitions.push(`${named.name} = ${expression}`);
      named.expression = named.name;
    } else {
      named.expression = expression;
    }
    return named.expression;
  }

  #writeObject(schema: JsonObject, name: string, isNamed = false): string {
    const values = "const" in schema ? [schema["const"] ?? null] : schema["enum"];
    if (Array.isArray(values)) return literalType(values);
    const { type } = schema;
    if (Array.isArray(type)) {
      const { type: _types, ...rest } = schema;
      return union(type.map((one) => this.#writeObject({ ...rest, type: one }, name)));
    }
    switch (type) {
      case "string":
        return schema["format"] === "binary" ? "bytes" : "str";
      case "integer":
        return "int";
      case "number":
        return "float";
      case "boolean":
        return "bool";
      case "null":
        return "None";
      case "array":
        return this.#writeArray(schema, name);
      case "object":
        return this.#writeDict(schema, name, isNamed);
      default:
        return this.#writeUntyped(schema, name, isNamed);
    }
  }

  #writeUntyped(schema: JsonObject, name: string, isNamed: boolean): string {
    if (isJsonObject(schema["properties"])) return this.#writeDict(schema, name, isNamed);
    const options = this.#optionsOf(schema);
    if (options !== undefined) {
      const flat = options.map((option) => this.reader.flatten(option));
      const constants = flat.map((option) =>
        "const" in option ? [option["const"] ?? null] : option["enum"],
      );
      if (constants.every((values) => Array.isArray(values))) return literalType(constants.flat());
      return union(
        options.map((option, index) => this.write(option, optionName(name, flat, index))),
      );
    }
    const not = schema["not"];
    return isJsonObject(not) && Object.keys(not).length === 0 ? "NoReturn" : "Any";
  }

  /** The options of a union, those of unions within it too. */
  #optionsOf(schema: JsonObject): JsonValue[] | undefined {
    return optionsOf(schema)?.flatMap((option) => {
      if (isJsonObject(option) && Array.isArray(option["type"])) {
        return option["type"].map((type) => ({ ...option, type }));
      }
      const isPlain = isJsonObject(option) && !("$ref" in option || "type" in option);
      return (isPlain ? this.#optionsOf(option) : undefined) ?? [option];
    });
  }

  #writeArray(schema: JsonObject, name: string): string {
    const { items } = schema;
    const positions = schema["prefixItems"] ?? (Array.isArray(items) ? items : undefined);
    if (!Array.isArray(positions)) {
      return `list[${items === undefined ? "Any" : this.write(items, `${name}Item`)}]`;
    }
    const types = positions.map((item, index) => this.write(item, `${name}Item${index + 1}`));
    const rest = Array.isArray(items) ? schema["additionalItems"] : items;
    const minimum = schema["minItems"];
    const isOpen = rest !== undefined && rest !== false;
    const isShort = typeof minimum === "number" && minimum < types.length;
    if (!isOpen && !isShort && types.length > 0) return `tuple[${types.join(", ")}]`;
    return `list[${union([...types, ...(isOpen ? [this.write(rest, `${name}Item`)] : [])])}]`;
  }

  #writeDict(schema: JsonObject, name: string, isNamed: boolean): string {
    if (!isTypedDict(schema)) {
      const keys = isJsonObject(schema["propertyNames"])
        ? this.write(schema["propertyNames"], `${name}Key`)
        : "str";
      const patterns = isJsonObject(schema["patternProperties"])
        ? Object.values(schema["patternProperties"])
        : [];
      const values = [...patterns, schema["additionalProperties"]].filter(
        (value) => value !== undefined && value !== false,
      );
      const types = values.map((value) => this.write(value ?? true, `${name}Value`));
      return `dict[${keys}, ${types.length === 0 ? "Any" : union(types)}]`;
    }
    const shape = shapeOf(schema);
    const known = this.#typedDicts.get(shape);
    if (known !== undefined) return known;
    const className = isNamed ? name : this.#unique(name);
    this.#typedDicts.set(shape, className);
    const fields = this.fields(schema, className);
    const comment = describeValue(schema, this.reader);
    const needsBase = new Set(fields.map(({ isRequired }) => isRequired)).size > 1;
    const baseNames = needsBase
      ? {
          required: this.#unique(`${className}Required`),
          optional: this.#unique(`${className}Optional`),
        }
      : undefined;
    this.#definitions.push(typedDict(className, { fields, comment, baseNames }));
    return className;
  }

  #unique(name: string): string {
    let unique = name;
    const isTaken = () => this.#names.has(unique) || reservedReason(unique) !== undefined;
    for (let suffix = 2; isTaken(); suffix += 1) unique = `${name}${suffix}`;
    this.#names.add(unique);
    return unique;
  }
}

/** Names that no definition may take. */
export function takenNames(): Set<string> {
  return new Set(typingNames);
}

function isTypedDict(schema: JsonObject): boolean {
  if ("const" in schema || "enum" in schema) return false;
  const { type, properties } = schema;
  if (type !== "object" && type !== undefined) return false;
  if (isJsonObject(properties) && Object.keys(properties).length > 0) return true;
  // A record of an enum names its keys in `required`, and is better written as a dict.
  const isRecord = type !== "object" || "propertyNames" in schema;
  return !isRecord && stringsOf(schema["required"]).length > 0;
}

function shapeOf(schema: JsonObject): string {
  const {
    title: _title,
    default: _default,
    $defs: _definitions,
    $schema: _dialect,
    ...shape
  } = schema;
  return JSON.stringify(shape);
}

/** Options of a discriminated union are named by their discriminator. */
function optionName(name: string, options: readonly JsonObject[], index: number): string {
  const properties = options[index]?.["properties"];
  if (isJsonObject(properties)) {
    for (const property of Object.values(properties)) {
      const constant = isJsonObject(property) ? property["const"] : undefined;
      if (typeof constant === "string") return name + toClassName(constant);
    }
  }
  const objects = options.filter((option) => option["type"] !== "null");
  return objects.length > 1 ? `${name}Option${index + 1}` : name;
}
