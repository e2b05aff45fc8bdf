import {
  type ActionFormat,
  Agent,
  type AgentEvent,
  type Executor,
  type Model,
} from "@codeact/core";
import { files, type Task } from "./tasks.js";
import { tools } from "./tools.js";

/** How a run of a task went. */
export interface TaskRun {
  task: string;
  /** Whether the answer is right, and came of at least one action that succeeded. */
  solved: boolean;
  /** `answered`, or why there is no answer. */
  status: string;
  answer: string;
  steps: number;
  inputTokens: number;
  cachedInputTokens: number;
  outputTokens: number;
  durationMs: number;
  events: AgentEvent[];
}

/** What {@link runTask} needs besides the task. */
export interface TaskRunOptions {
  model: Model;
  executor: Executor;
  actionFormat: ActionFormat;
  signal?: AbortSignal;
  /** Gets every event at once, so that it is there even if the run is aborted. */
  onEvent?: (event: AgentEvent) => void;
}

/** Lets the model solve one task, always in the same way: temperature 0 and a fixed seed. */
export async function runTask(
  task: Task,
  { model, executor, actionFormat, signal, onEvent }: TaskRunOptions,
): Promise<TaskRun> {
  const agent = new Agent({
    model,
    executor,
    tools,
    actionFormat,
    limits: { steps: 5, cellTimeoutMs: 60_000 },
    ...(actionFormat.usesInterpreter && {
      instructions: "Only Python's standard library is installed.",
    }),
    prepareStep: () => ({ temperature: 0, seed: 1, maxOutputTokens: 200 }),
  });
  const events: AgentEvent[] = [];
  const started = performance.now();
  const input = { text: task.text, files: actionFormat.usesInterpreter ? workspaceOf(task) : {} };
  const result = await agent.run(input, {
    onEvent: (event) => {
      events.push(event);
      onEvent?.(event);
    },
    ...(signal && { signal }),
  });
  const answer = result.status === "answered" ? result.output : "";
  return {
    task: task.name,
    solved: task.answer.test(answer) && hasActed(events),
    status: result.status,
    answer,
    steps: result.steps,
    inputTokens: result.usage.inputTokens,
    cachedInputTokens: result.usage.cachedInputTokens,
    outputTokens: result.usage.outputTokens,
    durationMs: performance.now() - started,
    events,
  };
}

/** The file of the task, and no other: one that has nothing to do with a task leads astray. */
function workspaceOf({ file }: Task): Record<string, string> {
  return file === undefined ? {} : { [file]: files[file] };
}

function hasActed(events: readonly AgentEvent[]): boolean {
  return events.some((event) => event.type === "observation" && event.status === "ok");
}
