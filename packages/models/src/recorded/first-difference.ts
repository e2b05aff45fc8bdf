import type { JsonValue } from "@codeact/core";

/** Where two values differ first, in words; `undefined` if they are alike. */
export function firstDifference(
  actual: JsonValue | undefined,
  recorded: JsonValue | undefined,
  path = "",
): string | undefined {
  if (isContainer(actual) && isContainer(recorded)) {
    const names = new Set([...Object.keys(actual), ...Object.keys(recorded)]);
    for (const name of names) {
      const at = Array.isArray(actual) ? `${path}[${name}]` : path ? `${path}.${name}` : name;
      const difference = firstDifference(member(actual, name), member(recorded, name), at);
      if (difference) return difference;
    }
    return undefined;
  }
  if (actual === recorded) return undefined;
  if (typeof actual === "string" && typeof recorded === "string") {
    const from = Math.max(0, commonLength(actual, recorded) - 20);
    return `${path} is ${excerpt(actual, from)} instead of ${excerpt(recorded, from)}`;
  }
  return `${path} is ${show(actual)} instead of ${show(recorded)}`;
}

type Container = JsonValue[] | { [name: string]: JsonValue };

function isContainer(value: JsonValue | undefined): value is Container {
  return typeof value === "object" && value !== null;
}

function member(container: Container, name: string): JsonValue | undefined {
  return Object.hasOwn(container, name)
    ? (container as Record<string, JsonValue>)[name]
    : undefined;
}

/** Of two texts' beginnings. */
export function commonLength(left: string, right: string): number {
  let length = 0;
  while (length < left.length && left[length] === right[length]) length++;
  return length;
}

function excerpt(text: string, from: number): string {
  const end = from + 80;
  return `${from > 0 ? "…" : ""}${JSON.stringify(text.slice(from, end))}${end < text.length ? "…" : ""}`;
}

function show(value: JsonValue | undefined): string {
  const text = value === undefined ? "absent" : JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
