import {
  Agent,
  type DurableEvent,
  type Executor,
  type Interpreter,
  type Limits,
} from "@codeact/core";
import { findFolder } from "../checkout/find-folder.js";
import { PythonHarness } from "../checkout/python-harness.js";
import { samplingOf } from "../suite/agent-task.js";
import { answeringModel } from "../suite/answering-model.js";
import type { FormatName } from "../suite/format.js";
import type { Protocol } from "../suite/protocol.js";
import { withTaskHash } from "../suite/task-hash.js";
import type { AttemptOutcome, AttemptSetting, EvalTask, Suite } from "../suite/task.js";
import { withoutSystem } from "../suite/without-system.js";
import { m3Format } from "./format.js";
import harnessSource from "./harness.py";
import { harnessName } from "./message.js";
import { withPlainFailures } from "./plain-failures.js";

/** What {@link m3ToolEvalSuite} takes. */
export interface M3ToolEvalOptions {
  /** A checkout of github.com/xingyaoww/code-act, or its folder `scripts/eval/m3tooleval`. */
  checkout: string;
  /** Lists the tasks, which are Python. */
  executor: Executor;
  /**
   * - `paper`: prompts, reading of messages, judging and pages as in the original, its traps included
   * - `fixed`: the same prompts, with answers judged by value, every page reachable by links, tools
   *   that take what the builtins they hide take, complete signatures, and actions in code fences
   * @defaultValue `"paper"`
   */
  protocol?: Protocol;
}

/** The paper's: ten messages, and no message ends a run by being invalid. */
const limits: Partial<Limits> = {
  steps: 10,
  cellTimeoutMs: 30_000,
  invalidMessages: Number.POSITIVE_INFINITY,
  observationCharacters: 2000,
};

/** How long judging an answer may take. */
const judgingMs = 10_000;

const wrongAnswer =
  "This answer is not correct. Try again, and give nothing but the answer itself after 'Answer:'.";

/**
 * M3ToolEval, the 82 tasks of several tools by which the CodeAct paper compares code, JSON and text,
 * from a checkout and unmodified: its Python makes prompts, tools and judgements in our interpreter.
 *
 * @throws `CodeActError` with code `invalid-option` when the folder is no such checkout
 *
 * @example
 * ```ts
 * const suite = await m3ToolEvalSuite({ checkout: "../code-act", executor, protocol: "fixed" });
 * ```
 */
export async function m3ToolEvalSuite({
  checkout,
  executor,
  protocol = "paper",
}: M3ToolEvalOptions): Promise<Suite> {
  const folder = await findFolder(checkout, {
    folder: ["scripts", "eval", "m3tooleval"],
    marker: "tasks/__init__.py",
    what: "M3ToolEval tasks",
    repository: "https://github.com/xingyaoww/code-act",
  });
  const fixed = protocol === "fixed";
  const interpreter = await executor.start();
  try {
    const harness = await loadHarness(interpreter, folder);
    const tasks = await harness.call<ListedTask[]>("list_tasks", folder, fixed);
    return withTaskHash({
      name: "m3tooleval",
      formats: ["code", "json", "text"],
      limits,
      settings: { protocol },
      tasks: tasks.map((task) => m3Task({ ...task, folder, fixed })),
    });
  } finally {
    await interpreter.close();
  }
}

function loadHarness(interpreter: Interpreter, folder: string): Promise<PythonHarness> {
  return PythonHarness.load(interpreter, {
    name: harnessName,
    source: harnessSource,
    about: `M3ToolEval in ${folder}`,
  });
}

/** As the harness lists it. */
type ListedTask = {
  name: string;
  /** The expected answer as text. */
  expected: string;
  prompts: { [format: string]: string };
  /** What a message without an action or an answer gets back. */
  invalid: string;
};

type M3Task = ListedTask & { folder: string; fixed: boolean };

function m3Task(task: M3Task): EvalTask {
  return {
    id: task.name,
    family: task.name.split("/")[0] ?? task.name,
    content: { prompts: task.prompts, expected: task.expected },
    attempt: (setting) => attempt(task, setting),
    // What the checkout expects: shows that every task accepts its own answer.
    oracle: () => answeringModel(`Answer: ${task.expected}`),
  };
}

async function attempt(task: M3Task, setting: AttemptSetting): Promise<AttemptOutcome> {
  const { executor, format, sampling, signal } = setting;
  const agent = new Agent({
    model: withoutSystem(setting.model),
    executor: format === "code" ? executor : withPlainFailures(executor),
    actionFormat: m3Format({ format, invalid: task.invalid, fences: task.fixed }),
    limits: setting.limits,
    prepareStep: async ({ step, events }) => {
      if (isStateLost(events, step - 1)) await offerTools(session.interpreter, task, format);
      return samplingOf(sampling);
    },
    checkAnswer: async (answer) =>
      (await isRight(task, answer, setting)) ? undefined : wrongAnswer,
  });
  const session = await agent.session({ signal });
  try {
    await offerTools(session.interpreter, task, format);
    const result = await session.run(task.prompts[format] ?? "", { signal });
    const { status, steps, usage, trajectory } = result;
    return {
      success: status === "answered",
      status,
      turns: steps,
      usage,
      trajectory,
      expected: task.expected,
      ...(result.status === "answered" && { answer: result.output }),
    };
  } finally {
    await session.close();
  }
}

/** Whether a step cost the interpreter its state, and the tools with it. */
function isStateLost(events: readonly DurableEvent[], step: number): boolean {
  return events.some(
    (event) => event.type === "observation" && event.step === step && event.state === "lost",
  );
}

async function offerTools(
  interpreter: Interpreter,
  { folder, name, fixed }: M3Task,
  format: FormatName,
): Promise<void> {
  const harness = await loadHarness(interpreter, folder);
  await harness.call("begin", folder, name, format, fixed);
  await harness.run(nameHarness(format));
}

async function isRight(
  { folder, name, fixed }: M3Task,
  answer: string,
  { executor, signal }: AttemptSetting,
): Promise<boolean> {
  // Not the interpreter of the model's code, which may have lost or changed what judges.
  const interpreter = await executor.start({ signal });
  try {
    const harness = await loadHarness(interpreter, folder);
    await harness.call("begin_judging", folder, name, fixed);
    return await harness.confirms(judgingMs, "judge.check", answer);
  } finally {
    await interpreter.close();
  }
}

/** For code the tools, for other formats what carries out their actions. */
function nameHarness(format: FormatName): string {
  const harness = `__import__("sys").modules["${harnessName}"].harness`;
  return format === "code"
    ? `globals().update(${harness}.functions())`
    : `${harnessName} = ${harness}`;
}
