import { CodeActError } from "@codeact/core";
import { composedSuite } from "../composed/composed-suite.js";
import type { Suite } from "../suite/task.js";
import type { CommandArguments } from "./arguments.js";

/** What may be given as `--suite`, and what narrows it. */
export const suiteUsage = `  --suite SUITE          composed          72 tasks of several tools, in the package
  --family A,B           only tasks of these families
  --task A,B             only these tasks
  --limit N              only so many tasks, evenly over the suite`;

const suites = new Map<string, (args: CommandArguments) => Promise<Suite>>([
  ["composed", async () => composedSuite()],
]);

/**
 * The suite that `--suite` names, with the tasks that are wanted of it.
 * @throws `CodeActError` with code `invalid-option`
 */
export async function chooseSuite(args: CommandArguments): Promise<Suite> {
  const name = args.text("suite") ?? "composed";
  const open = suites.get(name);
  if (open === undefined) {
    const known = [...suites.keys()].join(", ");
    throw new CodeActError("invalid-option", `There is no suite "${name}". There are: ${known}.`);
  }
  const suite = await open(args);
  const families = chosen(args.list("family"), "family", suite, ({ family }) => family);
  const ids = chosen(args.list("task"), "task", suite, ({ id }) => id);
  const wanted = suite.tasks.filter(({ family, id }) => families(family) && ids(id));
  return { ...suite, tasks: evenly(wanted, args.number("limit") ?? wanted.length) };
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
