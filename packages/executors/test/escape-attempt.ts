import { existsSync, readlinkSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Attempt, Side, World } from "./escape-world.js";
import { textOf } from "./results.js";

/** What became of an attempt; `broken` is a mistake in it. */
export interface Outcome {
  escaped: boolean;
  detail: string;
  broken?: string;
}

/** An attempt in the sandbox, and without it where this user could succeed. */
export interface Outcomes {
  inside: Outcome;
  outside?: Outcome;
}

/** Makes an attempt on both sides. */
export async function makeAttempt(
  index: number,
  world: World,
  sides: Record<"strict" | "none", Side>,
): Promise<Outcomes> {
  const attempt = world.attempts[index];
  if (attempt === undefined) throw new Error(`there is no attempt ${index}`);
  const inside = await makeOn(sides.strict, "strict", attempt, index, world);
  if (attempt.control === "root" && process.getuid?.() !== 0) return { inside };
  return { inside, outside: await makeOn(sides.none, "none", attempt, index, world) };
}

async function makeOn(
  { executor, names }: Side,
  kind: "strict" | "none",
  attempt: Attempt,
  index: number,
  world: World,
): Promise<Outcome> {
  const marker = join(String(world.names["outside"]), `marker-${index}-${kind}`);
  const inTemporary = join("/tmp", `codeact-marker-${process.pid}-${index}-${kind}`);
  const all = { ...names, marker, tmp_marker: inTemporary };
  const python = await executor.start();
  try {
    const call = `leaky.attempt(${index}, json.loads(r'''${JSON.stringify(all)}'''), ${kind === "none" ? "True" : "False"})`;
    const result = await python.execute(`import json, leaky\nprint("\\n" + ${call})`, {
      timeoutMs: 30_000,
    });
    const line = textOf(result).trim().split("\n").at(-1) ?? "";
    const outcome: Outcome = line.startsWith("{")
      ? (JSON.parse(line) as Outcome)
      : { escaped: false, detail: JSON.stringify(result).slice(0, 2000) };
    if (attempt.marker) {
      const made = [marker, inTemporary].filter((path) => exists(path));
      outcome.escaped = made.length > 0;
      for (const path of made) rmSync(path, { recursive: true });
    }
    return outcome;
  } finally {
    await python.close();
  }
}

function exists(path: string): boolean {
  try {
    readlinkSync(path);
    return true;
  } catch {
    return existsSync(path);
  }
}

/** The numbers of the attempts of each group; only the first two without `isWhole`. */
export function groupsOf(attempts: readonly Attempt[], isWhole: boolean): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const [index, { group }] of attempts.entries()) {
    const members = groups.get(group) ?? [];
    if (isWhole || members.length < 2) groups.set(group, [...members, index]);
  }
  return groups;
}
