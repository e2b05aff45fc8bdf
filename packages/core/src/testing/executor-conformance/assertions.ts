import type { ExecutionResult } from "../../executor/execution-result.js";

/** An executor does not do what the suite asks for. Runners show it like any failed assertion. */
export class ConformanceFailure extends Error {
  override readonly name = "ConformanceFailure";
}

/** Fails unless `condition` holds. */
export function check(condition: boolean, message: string): asserts condition {
  if (!condition) throw new ConformanceFailure(message);
}

/** Fails unless both are deeply equal; `NaN` equals itself, and bytes are compared as bytes. */
export function checkEqual(actual: unknown, expected: unknown, what: string): void {
  check(isEqual(actual, expected), `${what}: expected ${show(expected)}, got ${show(actual)}`);
}

/** Fails unless `text` contains `part`. */
export function checkIncludes(text: string, part: string, what: string): void {
  check(text.includes(part), `${what}: expected ${show(part)} in ${show(text)}`);
}

/** Fails unless the cell ended with this status; shows its traceback otherwise. */
export function checkStatus(
  result: ExecutionResult,
  ...statuses: readonly ExecutionResult["status"][]
): void {
  const detail = result.error?.traceback ?? result.lostReason ?? "";
  check(
    statuses.includes(result.status),
    `cell ${result.cell}: expected status ${statuses.join(" or ")}, got ${result.status}. ${detail}`,
  );
}

/** The rejection of `promise`, which must come with this `code`. */
export async function checkRejects(
  promise: Promise<unknown> | undefined,
  code: string,
  what: string,
): Promise<void> {
  check(promise !== undefined, `${what}: the method is missing`);
  let error: unknown;
  try {
    await promise;
  } catch (thrown) {
    error = thrown;
  }
  check(error !== undefined, `${what}: expected a rejection with code ${code}, but it resolved`);
  const actual: unknown =
    typeof error === "object" && error && "code" in error ? error.code : error;
  checkEqual(actual, code, `${what}: code of the rejection (${describe(error)})`);
}

/** Waits for `promise`, but not for ever: a hang must fail here and not in the runner. */
export async function settles<T>(promise: Promise<T>, what: string, limitMs = 15_000): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new ConformanceFailure(`${what} did not settle within ${limitMs} ms`)),
      limitMs,
    );
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function isEqual(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (typeof left !== "object" || typeof right !== "object" || !left || !right) return false;
  if (left instanceof Uint8Array || right instanceof Uint8Array) {
    if (!(left instanceof Uint8Array && right instanceof Uint8Array)) return false;
    return left.length === right.length && left.every((byte, index) => byte === right[index]);
  }
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const leftEntries = Object.entries(left);
  const rightMembers = new Map(Object.entries(right));
  return (
    leftEntries.length === rightMembers.size &&
    leftEntries.every(
      ([key, value]) => rightMembers.has(key) && isEqual(value, rightMembers.get(key)),
    )
  );
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : show(error);
}

function show(value: unknown): string {
  const json: string | undefined =
    value instanceof Uint8Array ? `bytes ${value.length}` : JSON.stringify(value);
  const text = json ?? String(value);
  return text.length > 600 ? `${text.slice(0, 600)}…` : text;
}
