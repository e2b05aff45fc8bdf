// How attempts at the suite `composed` ended, and what came before, for each format: the counts in
// docs/evaluation.md, of a run with ten steps.
// node scripts/run-typescript.mjs bench/src/real-model/endings.ts results/journal.jsonl
import { type AttemptRecord, readAttempts } from "@codeact/evals";

const [journal] = process.argv.slice(2);
if (journal === undefined) throw new Error("Give the journal of an evaluation.");

const questions: Record<string, (attempt: AttemptRecord) => boolean> = {
  "gave an answer": isAnswered,
  "… after one action or none": (attempt) => isAnswered(attempt) && attempt.actions <= 1,
  "… in the tenth message": (attempt) => isAnswered(attempt) && attempt.turns === 10,
  "… after calls of one tool": (attempt) => isAnswered(attempt) && toolsCalled(attempt).size === 1,
  "had no message left": ({ status }) => status === "step-limit",
  "wrote too many messages without an action": ({ status }) => status === "invalid-limit",
  "did the same action three times or more": (attempt) => mostOften(actionsOf(attempt)) >= 3,
  "called no tool at all": (attempt) => toolsCalled(attempt).size === 0,
  "answered with 17.5": ({ answer }) => JSON.stringify(answer ?? "").includes("17.5"),
};

const attempts = new Map<string, AttemptRecord[]>();
for await (const attempt of readAttempts(journal)) {
  attempts.set(attempt.format, [...(attempts.get(attempt.format) ?? []), attempt]);
}
const formats = [...attempts.keys()].sort();
console.log(`| attempts | ${formats.join(" | ")} |`);
console.log(`|${"---|".repeat(formats.length + 1)}`);
row("all", () => true);
for (const [question, holds] of Object.entries(questions)) row(question, holds);

function row(name: string, holds: (attempt: AttemptRecord) => boolean): void {
  const counts = formats.map((format) => attempts.get(format)?.filter(holds).length);
  console.log(`| ${name} | ${counts.join(" | ")} |`);
}

function isAnswered({ status }: AttemptRecord): boolean {
  return status === "answered";
}

function toolsCalled({ trajectory }: AttemptRecord): Set<string> {
  return new Set(
    trajectory.events.flatMap((event) => (event.type === "tool-call" ? [event.name] : [])),
  );
}

/** JSON and text answer by a call, which is left out: to answer is no action. */
function actionsOf({ trajectory }: AttemptRecord): string[] {
  return trajectory.events.flatMap((event) => {
    if (event.type !== "action") return [];
    const { action } = event;
    const isAnswer = action.type === "call" && action.name === "final_answer";
    return isAnswer ? [] : [JSON.stringify(action)];
  });
}

function mostOften(values: readonly string[]): number {
  return Math.max(0, ...values.map((value) => values.filter((other) => other === value).length));
}
