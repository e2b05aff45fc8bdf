import type { JsonValue } from "@codeact/core";
import { createRandom, type Random } from "../statistics/random.js";
import { agentTask, type AgentTaskOptions } from "../suite/agent-task.js";
import type { Oracle } from "../suite/oracle.js";
import type { EvalTask } from "../suite/task.js";

/** What a template invents: a question about a world, its tools, its answer, and a way to it. */
export interface InventedTask extends Omit<AgentTaskOptions<JsonValue>, "id" | "family"> {
  /** Each task of the suite is proven solvable. */
  oracle: Oracle;
}

/** A kind of question of a family. */
export interface Template {
  name: string;
  /** Invents one; the same for the same numbers. */
  invent: (random: Random) => InventedTask;
}

/** How many tasks are invented from a template. */
const instances = 3;

/** The tasks of a family. Each has a world of its own, decided by its id alone. */
export function inventTasks(family: string, templates: readonly Template[]): EvalTask[] {
  return templates.flatMap(({ name, invent }) =>
    Array.from({ length: instances }, (_, index) => {
      const id = `${family}/${name}-${index + 1}`;
      return agentTask({ id, family, ...invent(createRandom(hash(id))) });
    }),
  );
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text)
    value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 16777619);
  return value >>> 0;
}

/** Invents until what came out is worth asking, as for a question with one right answer only. */
export function inventUntil<T>(invent: () => T, isUsable: (invented: T) => boolean): T {
  for (let attempt = 0; attempt < 10_000; attempt++) {
    const invented = invent();
    if (isUsable(invented)) return invented;
  }
  throw new Error("10,000 invented worlds did not give a usable question.");
}

/** A value as a literal of Python; of JSON's values only these are needed. */
export function python(value: string | number | readonly string[] | readonly number[]): string {
  return JSON.stringify(value);
}
