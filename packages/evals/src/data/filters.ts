import { CodeActError } from "@codeact/core";
import type { AttemptRecord } from "../run/attempt-record.js";
import type { SourcedAttempt } from "./collect-attempts.js";
import type { FormatName } from "../suite/format.js";
import { hasUsefulAction } from "./useful-action.js";
import { type Conversation, conversationOf, isAlternating } from "./conversation.js";

/** How runs are chosen; the defaults are the paper's. */
export interface SelectionOptions {
  /**
   * Runs of other formats are left out: a model learns one way to act. `native` cannot be asked for,
   * since its calls are no text. @defaultValue only `code`, as CodeActInstruct
   */
  formats?: readonly FormatName[];
  /** Runs with fewer turns are too easy to learn from. @defaultValue 3 */
  minimumTurns?: number;
  /** Families that are left out. The paper leaves out StrategyQA. @defaultValue none */
  withoutFamilies?: readonly string[];
}

/** How many runs were left after each filter, in order. */
export interface FilterCount {
  filter: string;
  left: number;
}

/** The runs that are worth learning from. */
export interface Selection {
  /** Their ids are `suite/model/task/format/repeat`, unique in the selection. */
  conversations: Conversation[];
  counts: FilterCount[];
}

/**
 * Collects conversations from attempts by the paper's filters: in a wanted format, successes, of
 * enough turns, with at least one message that could be used besides the last, in turns, with a
 * useful action; then each conversation once. Runs that recovered from an error stay.
 *
 * @throws `CodeActError` with code `invalid-option` when the format `native` is wanted
 *
 * @example
 * ```ts
 * const { conversations, counts } = await selectConversations(collectAttempts(["results/journal.jsonl"]));
 * await writeFile("data.jsonl", writeDataSet(conversations, "codeact"));
 * ```
 */
export async function selectConversations(
  attempts: AsyncIterable<SourcedAttempt> | Iterable<SourcedAttempt>,
  { formats = ["code"], minimumTurns = 3, withoutFamilies = [] }: SelectionOptions = {},
): Promise<Selection> {
  if (formats.includes("native")) {
    throw new CodeActError(
      "invalid-option",
      "Runs of the format native are calls and no texts, and make no conversations. Choose among code, json and text.",
    );
  }
  const seen = new Set<string>();
  const filters: [name: string, keeps: (candidate: Candidate) => boolean][] = [
    ["attempts", () => true],
    [`in the format ${formats.join(", ")}`, ({ attempt }) => formats.includes(attempt.format)],
    ["successes", ({ attempt }) => attempt.success],
    [`of at least ${minimumTurns} turns`, ({ attempt }) => attempt.turns >= minimumTurns],
    ["of families that are wanted", ({ attempt }) => !withoutFamilies.includes(attempt.family)],
    ["not invalid until the last turn", ({ attempt }) => hasValidTurn(attempt)],
    ["without an in-context example", ({ conversation }) => conversation !== undefined],
    ["in turns", ({ conversation }) => isAlternating(conversation?.conversations ?? [])],
    ["with a useful action", ({ attempt }) => hasUsefulAction(attempt.trajectory)],
    ["different from others", ({ conversation }) => isNew(conversation, seen)],
  ];
  const left = filters.map(() => 0);
  const conversations: Conversation[] = [];
  const ids = new Set<string>();
  for await (const { attempt, suite, model } of attempts) {
    const { task, format, repeat, trajectory } = attempt;
    const id = `${suite}/${model}/${task}/${format}/${repeat}`;
    const conversation = conversationOf(id, trajectory, suite === "mint");
    const failed = filters.findIndex(([, keeps]) => !keeps({ attempt, conversation }));
    const passed = failed < 0 ? filters.length : failed;
    for (let index = 0; index < passed; index++) left[index] = (left[index] ?? 0) + 1;
    if (failed < 0 && conversation !== undefined) {
      conversations.push({ ...conversation, id: unused(id, ids) });
    }
  }
  return {
    conversations,
    counts: filters.map(([filter], index) => ({ filter, left: left[index] ?? 0 })),
  };
}

/** The id, with a number where another run of the same suite and model has it. */
function unused(id: string, used: Set<string>): string {
  let free = id;
  for (let number = 2; used.has(free); number++) free = `${id}#${number}`;
  used.add(free);
  return free;
}

interface Candidate {
  attempt: AttemptRecord;
  /** Absent where an in-context example would stay in it. */
  conversation: Conversation | undefined;
}

function hasValidTurn({ trajectory, turns }: AttemptRecord): boolean {
  const invalid = trajectory.events.filter(
    (event) => event.type === "observation" && event.status === "invalid",
  );
  return invalid.length < turns - 1;
}

function isNew(conversation: Conversation | undefined, seen: Set<string>): boolean {
  const text = JSON.stringify(conversation?.conversations);
  if (seen.has(text)) return false;
  seen.add(text);
  return true;
}
