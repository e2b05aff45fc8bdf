import { access } from "node:fs/promises";
import path from "node:path";
import {
  Agent,
  CodeActError,
  type Executor,
  type Interpreter,
  type Limits,
  type Model,
} from "@codeact/core";
import { samplingOf } from "../suite/agent-task.js";
import type { AttemptOutcome, AttemptSetting, EvalTask, Suite } from "../suite/task.js";
import { m3Format } from "./format.js";
import harnessSource from "./harness.py";

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
  protocol?: "paper" | "fixed";
}

/** The paper's: ten messages, and no message ends a run by being invalid. */
const limits: Partial<Limits> = {
  steps: 10,
  cellTimeoutMs: 30_000,
  invalidMessages: Number.POSITIVE_INFINITY,
  observationCharacters: 2000,
};

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
  const folder = await findTasks(checkout);
  const interpreter = await executor.start();
  try {
    const fixed = protocol === "fixed";
    const listing = `print(list_tasks(${JSON.stringify(folder)}, ${pythonBoolean(fixed)}))`;
    const listed = await evaluate(interpreter, `${harnessSource}\n${listing}`, checkout);
    const tasks = JSON.parse(listed) as ListedTask[];
    return {
      name: "m3tooleval",
      formats: ["code", "json", "text"],
      limits,
      settings: { protocol },
      tasks: tasks.map((task) => m3Task({ ...task, folder, fixed })),
    };
  } finally {
    await interpreter.close();
  }
}

async function findTasks(checkout: string): Promise<string> {
  const candidates = [path.join(checkout, "scripts", "eval", "m3tooleval"), checkout];
  for (const candidate of candidates.map((each) => path.resolve(each))) {
    const hasTasks = await access(path.join(candidate, "tasks", "__init__.py")).then(
      () => true,
      () => false,
    );
    if (hasTasks) return candidate;
  }
  throw new CodeActError(
    "invalid-option",
    `"${checkout}" has no M3ToolEval tasks. Give a checkout of https://github.com/xingyaoww/code-act.`,
  );
}

/** As the harness lists it. */
interface ListedTask {
  name: string;
  /** The expected answer as text. */
  expected: string;
  prompts: Readonly<Record<string, string>>;
  /** What a message without an action or an answer gets back. */
  invalid: string;
}

interface M3Task extends ListedTask {
  folder: string;
  fixed: boolean;
}

function m3Task(task: M3Task): EvalTask {
  return {
    id: task.name,
    family: task.name.split("/")[0] ?? task.name,
    attempt: (setting) => attempt(task, setting),
    oracle: () => answering(task.expected),
  };
}

/** Answers with what the checkout expects: shows that every task accepts its own answer. */
function answering(expected: string): Model {
  return {
    id: "oracle",
    async *generate() {
      yield { type: "text", text: `Answer: ${expected}` };
      yield { type: "finish", reason: "stop" };
    },
  };
}

async function attempt(task: M3Task, setting: AttemptSetting): Promise<AttemptOutcome> {
  const { executor, format, sampling, signal } = setting;
  let interpreter: Interpreter | undefined;
  const agent = new Agent({
    model: withoutSystem(setting.model),
    executor,
    actionFormat: m3Format({ format, invalid: task.invalid, fences: task.fixed }),
    limits: setting.limits,
    prepareStep: () => samplingOf(sampling),
    checkAnswer: async (answer) => {
      if (interpreter === undefined) throw new Error("There is no interpreter to judge in.");
      const source = `print(codeact_m3tooleval.check(${JSON.stringify(answer)}))`;
      const verdict = await evaluate(interpreter, source, task.folder);
      return verdict === "True" ? undefined : wrongAnswer;
    },
  });
  const session = await agent.session({ signal });
  try {
    interpreter = session.interpreter;
    await evaluate(interpreter, setUp(task, format), task.folder);
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

/** Defines `codeact_m3tooleval`, a module so that it is not among the model's variables. */
function setUp({ folder, name, fixed }: M3Task, format: AttemptSetting["format"]): string {
  const values = [folder, name, format].map((value) => JSON.stringify(value)).join(", ");
  return `import sys, types
codeact_m3tooleval = types.ModuleType("codeact_m3tooleval")
exec(${JSON.stringify(harnessSource)}, codeact_m3tooleval.__dict__)
codeact_m3tooleval = codeact_m3tooleval.Harness(${values}, ${pythonBoolean(fixed)})
${format === "code" ? "globals().update(codeact_m3tooleval.functions())" : ""}`;
}

function pythonBoolean(value: boolean): string {
  return value ? "True" : "False";
}

/** Runs code of ours and gives what it printed. */
async function evaluate(interpreter: Interpreter, code: string, checkout: string): Promise<string> {
  const { status, outputs, error } = await interpreter.execute(code, { timeoutMs: 120_000 });
  if (status !== "ok") {
    throw new CodeActError(
      "executor-fault",
      `The M3ToolEval tasks of ${checkout} cannot be used: ${error?.traceback ?? status}`,
    );
  }
  const texts = outputs.flatMap((output) => (output.type === "text" ? [output.text] : []));
  return texts.join("").trim();
}

/** The model without system messages: the paper's protocol has none. */
function withoutSystem(model: Model): Model {
  return {
    id: model.id,
    ...(model.capabilities && { capabilities: model.capabilities }),
    generate: (request) =>
      model.generate({
        ...request,
        messages: request.messages.filter(({ role }) => role !== "system"),
      }),
  };
}
