import type { ToolDeclaration, WireValue } from "../executor/tool-call.js";
import type { JsonObject, JsonValue } from "../json.js";

/**
 * The input of a tool from the arguments of a call that was not made in Python: by position or by
 * name, where the name in Python counts too. `null` for an optional parameter that is not nullable
 * means omitted, as `None` does in Python. Surplus positional arguments leave the list as it is,
 * which `invokeTool` then refuses.
 */
export function callInput(
  { parameters }: ToolDeclaration,
  callArguments: JsonObject | JsonValue[],
): WireValue {
  if (parameters === "value") return singleValue(callArguments);
  if (Array.isArray(callArguments)) {
    if (callArguments.length > parameters.length) return callArguments;
    return omitNulls(callArguments.map((value, index) => [parameters[index]?.name ?? "", value]));
  }
  return omitNulls(
    Object.entries(callArguments).map(([name, value]) => {
      const isOwn = parameters.some((parameter) => parameter.name === name);
      const alias = parameters.find(({ pythonName }) => pythonName === name);
      const isGivenTwice = alias !== undefined && Object.hasOwn(callArguments, alias.name);
      return [isOwn || alias === undefined || isGivenTwice ? name : alias.name, value];
    }),
  );

  function omitNulls(entries: [string, JsonValue][]): JsonObject {
    const isOmitted = ([name, value]: [string, JsonValue]) =>
      value === null &&
      parameters !== "value" &&
      parameters.some(
        (parameter) => parameter.name === name && !parameter.required && !parameter.nullable,
      );
    return Object.fromEntries(entries.filter((entry) => !isOmitted(entry)));
  }
}

/** One positional argument, or one named `value`; else the arguments are taken as the value. */
function singleValue(callArguments: JsonObject | JsonValue[]): JsonValue {
  if (Array.isArray(callArguments)) {
    const [value, ...surplus] = callArguments;
    return value === undefined || surplus.length > 0 ? callArguments : value;
  }
  const [entry, ...others] = Object.entries(callArguments);
  return entry?.[0] === "value" && others.length === 0 ? entry[1] : callArguments;
}
