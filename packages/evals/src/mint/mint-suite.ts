import {
  Agent,
  type AnyTool,
  type Executor,
  type Interpreter,
  type Limits,
  tool,
} from "@codeact/core";
import { z } from "zod";
import { findFolder } from "../checkout/find-folder.js";
import { PythonHarness } from "../checkout/python-harness.js";
import { samplingOf } from "../suite/agent-task.js";
import { answeringModel } from "../suite/answering-model.js";
import { runProgram } from "../suite/run-program.js";
import type { AttemptOutcome, AttemptSetting, EvalTask, Suite } from "../suite/task.js";
import { withTaskHash } from "../suite/task-hash.js";
import { withoutSystem } from "../suite/without-system.js";
import { fillIn, mintFormat, type MintWording } from "./format.js";
import harnessSource from "./mint_harness.py";

/** What {@link mintSuite} takes. */
export interface MintOptions {
  /** A checkout of github.com/xingyaoww/mint-bench. */
  checkout: string;
  /** Lists the tasks, by the checkout's Python. */
  executor: Executor;
  /**
   * Carries out `wikipedia_search(query)`, which the prompts of reasoning tasks offer.
   * @defaultValue every call raises, and says that there is no such search here
   */
  search?: (query: string, signal: AbortSignal) => string | Promise<string>;
}

/** The original's: five steps, and no message ends a run by being invalid. */
const limits: Partial<Limits> = {
  steps: 5,
  cellTimeoutMs: 30_000,
  invalidMessages: Number.POSITIVE_INFINITY,
  observationCharacters: 2000,
};

/** How many solutions may be proposed. */
const solutions = 2;

/** How long judging an answer may take. */
const judgingMs = 10_000;

/**
 * The 452 reasoning and code generation tasks of MINT from a checkout, unmodified: five steps, each
 * code or a solution, and two solutions. Prompts, with their in-context example, and the judging of
 * answers are the checkout's own Python, in our interpreter; programs are run with their tests in an
 * interpreter of their own. ALFWorld needs a simulator, and is left out.
 *
 * @throws `CodeActError` with code `invalid-option` when the folder is no such checkout,
 * `executor-fault` when its Python cannot be used
 *
 * @example
 * ```ts
 * const suite = await mintSuite({ checkout: "../mint-bench", executor });
 * ```
 */
export async function mintSuite({ checkout, executor, search }: MintOptions): Promise<Suite> {
  const folder = await findFolder(checkout, {
    folder: [],
    marker: "mint/configs/config_variables.py",
    what: "MINT tasks",
    repository: "https://github.com/xingyaoww/mint-bench",
  });
  const interpreter = await executor.start();
  try {
    const harness = await loadHarness(interpreter, folder);
    const families = await harness.call<ListedFamily[]>("list_families", folder);
    const wording = await harness.call<MintWording>("wording", folder);
    const tools = [wikipediaSearch(search ?? unavailable)];
    return withTaskHash({
      name: "mint",
      formats: ["code"],
      limits,
      settings: { search: search !== undefined },
      tasks: families.flatMap(({ tasks, ...family }) =>
        tasks.map((task) => mintTask({ ...task, ...family, folder, wording, tools })),
      ),
    });
  } finally {
    await interpreter.close();
  }
}

function loadHarness(interpreter: Interpreter, folder: string): Promise<PythonHarness> {
  const about = `MINT in ${folder}`;
  return PythonHarness.load(interpreter, { name: "codeact_mint", source: harnessSource, about });
}

function wikipediaSearch(search: NonNullable<MintOptions["search"]>): AnyTool {
  return tool({
    name: "wikipedia_search",
    description: "Searches Wikipedia.",
    inputSchema: z.object({ query: z.string() }),
    outputSchema: z.string(),
    execute: async ({ query }, { signal }) => search(query, signal),
  });
}

function unavailable(): never {
  throw new Error("There is no search of Wikipedia here. Solve the task without it.");
}

/** As the harness lists it. */
type ListedFamily = {
  family: string;
  /** Whether solutions are programs, and references their tests. */
  isProgram: boolean;
  /** The prompt, with a place for the question. */
  frame: string;
  tasks: ListedTask[];
};

type ListedTask = {
  id: string | number;
  question: string;
  reference: string;
  /** A known solution. */
  solution: string;
};

interface MintTask extends ListedTask, Omit<ListedFamily, "tasks"> {
  folder: string;
  wording: MintWording;
  tools: readonly AnyTool[];
}

function mintTask(task: MintTask): EvalTask {
  return {
    id: `${task.family}/${task.id}`,
    family: task.family,
    content: { frame: task.frame, question: task.question, reference: task.reference },
    attempt: (setting) => attempt(task, setting),
    oracle: () => answeringModel(`<solution>${task.solution}</solution>`),
  };
}

async function attempt(task: MintTask, setting: AttemptSetting): Promise<AttemptOutcome> {
  const { executor, sampling, signal } = setting;
  let proposed = 0;
  const agent = new Agent({
    model: withoutSystem(setting.model),
    executor,
    tools: task.isProgram ? [] : task.tools,
    actionFormat: mintFormat(task.wording, () => solutions - proposed),
    limits: setting.limits,
    prepareStep: () => samplingOf(sampling),
    checkAnswer: async (answer) => {
      proposed += 1;
      if (answer === "") return task.wording.invalid;
      return (await isRight(task, answer, setting)) ? undefined : task.wording.wrong;
    },
    stopWhen: () => proposed >= solutions,
  });
  const steps = setting.limits.steps ?? limits.steps ?? 0;
  const prompt = fillIn(task.frame, { steps, solutions, body: task.question });
  const result = await agent.run(prompt, { signal });
  return {
    success: result.status === "answered",
    status: result.status,
    turns: result.steps,
    usage: result.usage,
    trajectory: result.trajectory,
    expected: task.isProgram ? task.solution : task.reference,
    ...(result.status === "answered" && { answer: result.output }),
  };
}

async function isRight(
  task: MintTask,
  answer: string,
  { executor, signal }: AttemptSetting,
): Promise<boolean> {
  if (task.isProgram) {
    return runProgram(executor, `${answer}\n${task.reference}`, signal);
  }
  const { folder, family, id } = task;
  // Not the interpreter of the model's code, which could have changed what judges.
  const interpreter = await executor.start({ signal });
  try {
    const harness = await loadHarness(interpreter, folder);
    await harness.call("begin", folder, family, id);
    return await harness.confirms(judgingMs, "judge", answer);
  } finally {
    await interpreter.close();
  }
}
