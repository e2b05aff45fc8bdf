import {
  Agent,
  type AgentResult,
  type Executor,
  type Interpreter,
  type JsonObject,
  type Limits,
  type Message,
} from "@codeact/core";
import { findFolder } from "../checkout/find-folder.js";
import { PythonHarness } from "../checkout/python-harness.js";
import { samplingOf } from "../suite/agent-task.js";
import { answeringModel } from "../suite/answering-model.js";
import type { FormatName } from "../suite/format.js";
import { oneMessageFormat } from "../suite/one-message-format.js";
import type { Protocol } from "../suite/protocol.js";
import type { AttemptOutcome, AttemptSetting, EvalTask, Suite } from "../suite/task.js";
import { withTaskHash } from "../suite/task-hash.js";
import callsSource from "./codeact_api_bank_calls.py";
import harnessSource from "./api_bank_harness.py";

/** What {@link apiBankSuite} takes. */
export interface ApiBankOptions {
  /** A checkout of github.com/xingyaoww/code-act, or its folder `scripts/eval/api-bank`. */
  checkout: string;
  /** Lists the calls, by the checkout's Python. */
  executor: Executor;
  /**
   * - `paper`: calls are written, read and judged as in the original: by regular expressions that
   *   lose what code and text say more often than what JSON says
   * - `fixed`: code is read by Python's own parser and text up to the next parameter; a call with
   *   the recorded values is right, and others are judged on the data as the dialogue has left it
   * @defaultValue `"paper"`
   */
  protocol?: Protocol;
}

const limits: Partial<Limits> = { steps: 1 };

/** A dialogue that goes on with a call right after the assistant has spoken needs somebody's turn. */
const goOn = "Continue.";

/**
 * The 399 scored calls of API-Bank, level 1, as the CodeAct paper evaluates them: given a dialogue
 * and descriptions of APIs, which call comes next? One message, which carries nothing out. Prompts,
 * tools and judgements are the checkout's own Python, unmodified, in our interpreter.
 *
 * @throws `CodeActError` with code `invalid-option` when the folder is no such checkout,
 * `executor-fault` when its Python cannot be used
 *
 * @example
 * ```ts
 * const suite = await apiBankSuite({ checkout: "../code-act", executor, protocol: "fixed" });
 * ```
 */
export async function apiBankSuite({
  checkout,
  executor,
  protocol = "paper",
}: ApiBankOptions): Promise<Suite> {
  const folder = await findFolder(checkout, {
    folder: ["scripts", "eval", "api-bank"],
    marker: "lv1-lv2-samples/level-1-given-desc",
    what: "API-Bank samples",
    repository: "https://github.com/xingyaoww/code-act",
  });
  const fixed = protocol === "fixed";
  const interpreter = await executor.start();
  try {
    const harness = await loadHarness(interpreter, folder);
    const samples = await harness.call<ListedSample[]>("list_samples", folder, fixed);
    return withTaskHash({
      name: "api-bank",
      formats: ["code", "json", "text"],
      limits,
      settings: { protocol },
      tasks: samples.map((sample) => apiBankTask({ ...sample, folder, fixed })),
    });
  } finally {
    await interpreter.close();
  }
}

function loadHarness(interpreter: Interpreter, folder: string): Promise<PythonHarness> {
  return PythonHarness.load(interpreter, {
    name: "codeact_api_bank",
    source: harnessSource,
    helpers: { codeact_api_bank_calls: callsSource },
    about: `API-Bank in ${folder}`,
  });
}

/** As the harness lists it. */
type ListedSample = {
  /** The file of the dialogue. */
  dialogue: string;
  /** The sample's place in the dialogue. */
  number: number;
  /** How many APIs the dialogue uses. */
  apis: number;
  parameters: JsonObject;
  /** The recorded call in each format. */
  calls: { [format: string]: string };
};

type ApiBankTask = ListedSample & { folder: string; fixed: boolean };

function apiBankTask(task: ApiBankTask): EvalTask {
  const { dialogue, number, apis, parameters, calls } = task;
  return {
    id: `${dialogue.replace(/\.jsonl$/, "")}/${number}`,
    family: apis === 1 ? "1 API" : `${apis} APIs`,
    content: { parameters, calls },
    attempt: (setting) => attempt(task, setting),
    oracle: (format) => answeringModel(calls[format] ?? ""),
  };
}

type Prompt = { system: string; messages: { role: "user" | "assistant"; content: string }[] };

async function attempt(task: ApiBankTask, setting: AttemptSetting): Promise<AttemptOutcome> {
  const { folder, dialogue, number, fixed } = task;
  const { model, executor, format, sampling, signal } = setting;
  const interpreter = await executor.start({ signal });
  try {
    const harness = await loadHarness(interpreter, folder);
    const { system, messages } = await harness.call<Prompt>(
      "begin",
      folder,
      dialogue,
      number,
      format,
      fixed,
    );
    const agent = new Agent({
      model,
      actionFormat: oneMessageFormat(system),
      limits: setting.limits,
      prepareStep: () => samplingOf(sampling),
    });
    const result = await askOnce(agent, messages, signal);
    const { status, steps, usage, trajectory } = result;
    const ending = { status, turns: steps, usage, trajectory, expected: expectedOf(task, format) };
    if (result.status !== "answered") return { success: false, ...ending };
    const success = await harness.call<boolean>("current.judge", result.output);
    return { success, answer: result.output, ...ending };
  } finally {
    await interpreter.close();
  }
}

async function askOnce(
  agent: Agent,
  messages: Prompt["messages"],
  signal: AbortSignal,
): Promise<AgentResult<string>> {
  const [earlier, last] = splitLast(messages);
  const session = await agent.session({ messages: earlier, signal });
  try {
    return await session.run(last, { signal });
  } finally {
    await session.close();
  }
}

function expectedOf({ calls }: ApiBankTask, format: FormatName): string {
  return calls[format] ?? "";
}

/** What was said before, and what the user says last. */
function splitLast(messages: Prompt["messages"]): [earlier: Message[], last: string] {
  const last = messages.at(-1);
  const isUser = last?.role === "user";
  const earlier = isUser ? messages.slice(0, -1) : messages;
  return [
    earlier.map(({ role, content }) => ({ role, content: [{ type: "text", text: content }] })),
    isUser ? last.content : goOn,
  ];
}
