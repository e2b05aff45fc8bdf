import type { JsonValue } from "../../json.js";
import { pythonLiteral } from "./literal.js";

/** The union of type expressions; `None` makes it `Optional`. */
export function union(types: readonly string[]): string {
  const distinct = new Set(types);
  if (distinct.has("Any")) return "Any";
  // What can never be there adds nothing.
  distinct.delete("NoReturn");
  const isOptional = distinct.delete("None");
  const rest = [...distinct];
  if (rest.length === 0) return isOptional ? "None" : "NoReturn";
  const joined = rest.length === 1 ? rest.join("") : `Union[${rest.join(", ")}]`;
  return isOptional ? `Optional[${joined}]` : joined;
}

/** The type of some constants: `Literal` for those that it can hold. */
export function literalType(values: readonly JsonValue[]): string {
  const literals: string[] = [];
  const others: string[] = [];
  for (const value of values) {
    if (value === null) others.push("None");
    else if (typeof value === "number" && !Number.isSafeInteger(value)) others.push("float");
    else if (Array.isArray(value)) others.push("list[Any]");
    else if (typeof value === "object") others.push("dict[str, Any]");
    else literals.push(pythonLiteral(value));
  }
  const distinct = [...new Set(literals)];
  return union([...(distinct.length > 0 ? [`Literal[${distinct.join(", ")}]`] : []), ...others]);
}
