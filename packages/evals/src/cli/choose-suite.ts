import { CodeActError, type Executor } from "@codeact/core";
import { apiBankSuite } from "../api-bank/api-bank-suite.js";
import { composedSuite } from "../composed/composed-suite.js";
import { m3ToolEvalSuite } from "../m3tooleval/m3tooleval-suite.js";
import { mintSuite } from "../mint/mint-suite.js";
import { singleTurnNames, singleTurnSuite } from "../single-turn/single-turn-suite.js";
import type { Protocol } from "../suite/protocol.js";
import type { Suite } from "../suite/task.js";
import type { CommandArguments } from "./arguments.js";

/** What may be given as `--suite`, and what narrows it. */
export const suiteUsage = `  --suite SUITE          composed          72 tasks of several tools, in the package
                         m3tooleval        the paper's 82 tasks, from a checkout
                         api-bank          399 calls that continue a dialogue, from a checkout
                         mint              452 tasks of five steps, from a checkout
                         humaneval, gsm8k, math, mmlu
                                           one message each, from a file of JSON lines
  --tasks PATH           the checkout: of https://github.com/xingyaoww/code-act, for mint
                         of https://github.com/xingyaoww/mint-bench; or the file
  --protocol NAME        paper, fixed                               (default: paper)
  --family A,B           only tasks of these families
  --task A,B             only these tasks
  --limit N              only so many tasks, evenly over the suite`;

const mintBench = "https://github.com/xingyaoww/mint-bench";

type SuiteOpener = (args: CommandArguments, executor: Executor) => Promise<Suite>;

const suites = new Map<string, SuiteOpener>([
  ["composed", async () => composedSuite()],
  [
    "m3tooleval",
    (args, executor) =>
      m3ToolEvalSuite({ checkout: codeActOf(args), executor, protocol: protocolOf(args) }),
  ],
  [
    "api-bank",
    (args, executor) =>
      apiBankSuite({ checkout: codeActOf(args), executor, protocol: protocolOf(args) }),
  ],
  [
    "mint",
    (args, executor) =>
      mintSuite({ checkout: tasksOf(args, `a checkout of ${mintBench}`), executor }),
  ],
  ...singleTurnNames.map((name): [string, SuiteOpener] => [
    name,
    (args) => singleTurnSuite({ name, tasks: tasksOf(args, "a file of JSON lines") }),
  ]),
]);

function codeActOf(args: CommandArguments): string {
  return tasksOf(args, "a checkout of https://github.com/xingyaoww/code-act");
}

function tasksOf(args: CommandArguments, what: string): string {
  const tasks = args.text("tasks");
  if (tasks !== undefined) return tasks;
  throw new CodeActError("invalid-option", `--tasks is missing: give ${what}.`);
}

function protocolOf(args: CommandArguments): Protocol {
  const protocol = args.text("protocol") ?? "paper";
  if (protocol === "paper" || protocol === "fixed") return protocol;
  throw new CodeActError("invalid-option", `--protocol is paper or fixed, not "${protocol}".`);
}

/**
 * The suite that `--suite` names, with the tasks that are wanted of it.
 * @throws `CodeActError` with code `invalid-option`
 */
export async function chooseSuite(args: CommandArguments, executor: Executor): Promise<Suite> {
  const name = args.text("suite") ?? "composed";
  const open = suites.get(name);
  if (open === undefined) {
    const known = [...suites.keys()].join(", ");
    throw new CodeActError("invalid-option", `There is no suite "${name}". There are: ${known}.`);
  }
  const limit = args.number("limit");
  if (limit !== undefined && (!Number.isInteger(limit) || limit < 1)) {
    throw new CodeActError(
      "invalid-option",
      `--limit must be a whole number above 0, not ${limit}.`,
    );
  }
  const suite = await open(args, executor);
  const families = chosen(args.list("family"), "family", suite, ({ family }) => family);
  const ids = chosen(args.list("task"), "task", suite, ({ id }) => id);
  const wanted = suite.tasks.filter(({ family, id }) => families(family) && ids(id));
  return { ...suite, tasks: evenly(wanted, limit ?? wanted.length) };
}

function chosen(
  names: readonly string[] | undefined,
  what: string,
  { tasks }: Suite,
  nameOf: (task: Suite["tasks"][number]) => string,
): (name: string) => boolean {
  if (names === undefined) return () => true;
  const known = new Set(tasks.map(nameOf));
  const unknown = names.find((name) => !known.has(name));
  if (unknown === undefined) return (name) => names.includes(name);
  throw new CodeActError(
    "invalid-option",
    `The suite has no ${what} "${unknown}". It has: ${[...known].join(", ")}.`,
  );
}

/** So many of the items, from all parts of the list. */
function evenly<T>(items: readonly T[], count: number): T[] {
  if (count >= items.length) return [...items];
  return items.filter(
    (_, index) =>
      Math.floor((index * count) / items.length) !==
      Math.floor(((index - 1) * count) / items.length),
  );
}
