import { satisfies, valid } from "@renovatebot/pep440";
import { RequirementError } from "./requirement-error.js";
import { normalName, type TargetPython } from "./wheel-name.js";

/** What has to be so for a requirement to count. */
export type Marker =
  | { type: "and" | "or"; left: Marker; right: Marker }
  | { type: "compare"; left: Operand; operator: string; right: Operand };

/** A name in the environment, or a text. */
export type Operand = { name: string } | { text: string };

/** Names and what they stand for. */
export type MarkerEnvironment = Readonly<Record<string, string>>;

const token =
  /\s*(?:(\(|\))|(===|==|~=|!=|<=|>=|<|>)|"([^"]*)"|'([^']*)'|([a-z_][a-z0-9_.]*))\s*/iy;

/** What markers see of Pyodide's Python. */
export function markerEnvironment({ version }: TargetPython): MarkerEnvironment {
  return {
    python_version: version.split(".").slice(0, 2).join("."),
    python_full_version: version,
    implementation_version: version,
    implementation_name: "cpython",
    platform_python_implementation: "CPython",
    os_name: "posix",
    sys_platform: "emscripten",
    platform_system: "Emscripten",
    platform_machine: "wasm32",
    platform_release: "",
    platform_version: "",
    extra: "",
  };
}

/** Reads a marker. @throws RequirementError */
export function parseMarker(text: string): Marker {
  const tokens = readTokens(text);
  const fail = (): never => {
    throw new RequirementError(`the condition ${JSON.stringify(text.trim())} cannot be read`);
  };
  const isWord = (word: string) => tokens[0]?.type === "word" && tokens[0].text === word;
  const chain = (word: "and" | "or", next: () => Marker): Marker => {
    let left = next();
    while (isWord(word)) {
      tokens.shift();
      left = { type: word, left, right: next() };
    }
    return left;
  };
  const either = (): Marker => chain("or", () => chain("and", single));
  const single = (): Marker => {
    if (tokens[0]?.text === "(" && tokens[0].type === "sign") {
      tokens.shift();
      const inner = either();
      if (tokens.shift()?.text !== ")") fail();
      return inner;
    }
    const left = operand();
    const first = tokens.shift();
    const isNotIn = first?.text === "not" && tokens[0]?.text === "in";
    if (isNotIn) tokens.shift();
    const operator = isNotIn ? "not in" : (first?.text ?? "");
    if (first?.type === "string" || !(operators.has(operator) || isNotIn)) fail();
    return { type: "compare", left, operator, right: operand() };
  };
  const operand = (): Operand => {
    const next = tokens.shift();
    if (next?.type === "string") return { text: next.text };
    return next?.type === "word" ? { name: next.text.replaceAll(".", "_") } : fail();
  };
  const marker = either();
  return tokens.length === 0 ? marker : fail();
}

/** Whether it is so. */
export function isTrue(marker: Marker, environment: MarkerEnvironment): boolean {
  if (marker.type !== "compare") {
    const left = isTrue(marker.left, environment);
    if (left === (marker.type === "or")) return left;
    return isTrue(marker.right, environment);
  }
  const names = [marker.left, marker.right].map((each) => ("name" in each ? each.name : ""));
  const normal = names.includes("extra") ? normalName : (text: string) => text;
  const textOf = (operand: Operand): string =>
    normal("text" in operand ? operand.text : (environment[operand.name] ?? ""));
  return compare(textOf(marker.left), marker.operator, textOf(marker.right));
}

const operators = new Set(["===", "==", "~=", "!=", "<=", ">=", "<", ">", "in"]);

/** As versions where both are some, else as texts. */
function compare(left: string, operator: string, right: string): boolean {
  if (operator === "in") return right.includes(left);
  if (operator === "not in") return !right.includes(left);
  const isVersion = valid(left) !== null && valid(right.replace(/\.\*$/, "")) !== null;
  if (isVersion) return satisfies(left, `${operator}${right}`, { prereleases: true });
  switch (operator) {
    case "==":
    case "===":
      return left === right;
    case "!=":
      return left !== right;
    case "<":
      return left < right;
    case ">":
      return left > right;
    case "<=":
      return left <= right;
    case ">=":
      return left >= right;
    default:
      return false;
  }
}

interface Token {
  type: "sign" | "string" | "word";
  text: string;
}

function readTokens(text: string): Token[] {
  const tokens: Token[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const match = token.exec(text);
    if (match === null) {
      throw new RequirementError(`the condition ${JSON.stringify(text.trim())} cannot be read`);
    }
    const [, parenthesis, operator, double, single, word] = match;
    const sign = parenthesis ?? operator;
    if (sign !== undefined) tokens.push({ type: "sign", text: sign });
    else if (word !== undefined) tokens.push({ type: "word", text: word });
    else tokens.push({ type: "string", text: double ?? single ?? "" });
  }
  return tokens;
}
