import { CodeActError } from "../errors/codeact-error.js";
import type { JsonSchema, ToolDeclaration, ToolParameter } from "../executor/tool-call.js";
import type { JsonObject } from "../json.js";
import { isJsonObject, type JsonSchemaReader } from "../schema/json-schema-reader.js";
import { toJsonSchema } from "../schema/to-json-schema.js";
import { describeValue } from "./python/constraints.js";
import { functionStub, type StubParameter, signature } from "./python/function-stub.js";
import { reservedReason, toClassName, toIdentifier, toParameterName } from "./python/identifier.js";
import { takenNames, TypeWriter } from "./python/type-writer.js";
import { union } from "./python/union.js";
import type { Tool } from "./tool.js";

/** A tool as Python sees it, and what the host needs to answer its calls. */
export interface DeclaredTool {
  declaration: ToolDeclaration;
  inputSchema: JsonSchema;
  outputSchema?: JsonSchema;
  /** `name(parameter: type = default) -> type`, for error messages. */
  signature: string;
  /** Whether the input object may have members that are not parameters. */
  isOpen: boolean;
  /** The names of the types that the stub defines. */
  typeNames: ReadonlySet<string>;
}

/**
 * Makes the declaration of a tool.
 * @param prefixOfTypes - What the names of its types begin with. @defaultValue made from its name
 * @throws `CodeActError` with code `invalid-tool`, which says what to change.
 */
export function declare(tool: Tool<never, unknown, never>, prefixOfTypes?: string): DeclaredTool {
  checkDefinition(tool);
  const pythonName = checkedPythonName(tool.name);
  const inputSchema = toJsonSchema(tool.inputSchema, "input", {
    label: `The inputSchema of the tool "${tool.name}"`,
  });
  const outputSchema =
    tool.outputSchema &&
    toJsonSchema(tool.outputSchema, "output", {
      label: `The outputSchema of the tool "${tool.name}"`,
    });
  try {
    const prefix = prefixOfTypes ?? typePrefix(pythonName);
    const typeNames = takenNames();
    const input = new TypeWriter(inputSchema, "input", prefix, typeNames);
    const flat = input.reader.flatten(inputSchema);
    const { parameters, stubParameters } = takesParameters(flat)
      ? declareParameters(flat, input, prefix)
      : declareValue(flat, input, prefix);
    const output = outputSchema && new TypeWriter(outputSchema, "output", prefix, typeNames);
    const returnType =
      output && outputSchema ? output.write(outputSchema, `${prefix}Result`) : "Any";
    const content = {
      pythonName,
      description: tool.description,
      parameters: stubParameters,
      returnType,
      returnComment: output ? describeRoot(output.reader) : "",
      definitions: [...input.definitions, ...(output?.definitions ?? [])],
    };
    const stub = functionStub(content);
    return {
      declaration: { name: tool.name, pythonName, stub, parameters },
      inputSchema,
      ...(outputSchema && { outputSchema }),
      signature: signature(content),
      isOpen: isOpenObject(flat),
      typeNames,
    };
  } catch (cause) {
    if (CodeActError.isInstance(cause)) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw invalid(`The tool "${tool.name}" cannot be offered to Python: ${reason}`, cause);
  }
}

/** What the names of a tool's types begin with: `get_weather` → `GetWeather`. */
export function typePrefix(pythonName: string): string {
  return toIdentifier(toClassName(pythonName));
}

/** What a schema says about its whole value. */
export function describeRoot(reader: JsonSchemaReader): string {
  return describeValue(reader.flatten(reader.root), reader);
}

function takesParameters(schema: JsonObject): boolean {
  const { type, properties } = schema;
  if (type !== "object" && !(type === undefined && isJsonObject(properties))) return false;
  if (isJsonObject(properties) && Object.keys(properties).length > 0) return true;
  // Without known properties, an object is a record if anything says so, and else has no members.
  return !isOpenObject(schema) && !("propertyNames" in schema || "patternProperties" in schema);
}

function isOpenObject(schema: JsonObject): boolean {
  const { additionalProperties } = schema;
  return additionalProperties === true || isJsonObject(additionalProperties);
}

interface DeclaredParameters {
  parameters: ToolDeclaration["parameters"];
  stubParameters: StubParameter[];
}

function declareParameters(
  schema: JsonObject,
  writer: TypeWriter,
  prefix: string,
): DeclaredParameters {
  const parameters: ToolParameter[] = [];
  const stubParameters: StubParameter[] = [];
  for (const field of writer.fields(schema, prefix)) {
    const flat = writer.reader.flatten(field.schema);
    const pythonName = toParameterName(field.key);
    const other = parameters.find((parameter) => parameter.pythonName === pythonName);
    if (other !== undefined) {
      throw new Error(
        `the properties "${other.name}" and "${field.key}" would both be the parameter ${pythonName}. Rename one.`,
      );
    }
    if (field.isRequired && field.type === "NoReturn") {
      throw new Error(
        `no value fits the property "${field.key}", which is required. Leave it out, or make it optional.`,
      );
    }
    const nullable = writer.reader.acceptsNull(field.schema);
    parameters.push({ name: field.key, pythonName, required: field.isRequired, nullable });
    const value = flat["default"] ?? null;
    const isExact = field.isRequired || value !== null || nullable;
    stubParameters.push({
      pythonName,
      comment: field.comment,
      type: isExact ? field.type : union([field.type, "None"]),
      ...(!field.isRequired && { default: value }),
    });
  }
  return { parameters, stubParameters };
}

function declareValue(schema: JsonObject, writer: TypeWriter, prefix: string): DeclaredParameters {
  const type = writer.write(writer.reader.root, `${prefix}Value`);
  const comment = describeValue(schema, writer.reader);
  return { parameters: "value", stubParameters: [{ pythonName: "value", type, comment }] };
}

const maximumTimeoutMs = 2 ** 31 - 1;

function checkDefinition(tool: Tool<never, unknown, never>): void {
  if (typeof tool !== "object" || tool === null) {
    throw invalid("A tool is not an object. Make tools with tool({ … }).");
  }
  const { name, description, inputSchema, execute, timeoutMs } = tool;
  if (typeof name !== "string" || name.trim() === "") {
    throw invalid("A tool has no name. Give it one, for example get_weather.");
  }
  if (typeof description !== "string" || description.trim() === "") {
    throw invalid(`The tool "${name}" has no description. Say what it does: the model reads it.`);
  }
  if (typeof execute !== "function") {
    throw invalid(`The tool "${name}" has no execute function.`);
  }
  if (inputSchema === undefined) {
    throw invalid(`The tool "${name}" has no inputSchema. Use z.object({}) for no parameters.`);
  }
  if (timeoutMs !== undefined && !isTimeout(timeoutMs)) {
    throw invalid(
      `The tool "${name}" has timeoutMs ${String(timeoutMs)}. Use milliseconds from 1 to ${maximumTimeoutMs}, or leave it out.`,
    );
  }
}

function isTimeout(value: unknown): boolean {
  return typeof value === "number" && value > 0 && value <= maximumTimeoutMs;
}

function checkedPythonName(name: string): string {
  const pythonName = toIdentifier(name);
  const reason = reservedReason(pythonName);
  if (reason !== undefined) {
    const alias = pythonName === name ? "" : ` becomes ${pythonName} in Python, which`;
    throw invalid(`The tool name "${name}"${alias} ${reason}. Choose another name.`);
  }
  return pythonName;
}

function invalid(message: string, cause?: unknown): CodeActError {
  return new CodeActError("invalid-tool", message, { cause });
}
