import { CodeActError } from "../errors/codeact-error.js";
import type { FinishStatus } from "../events/event.js";
import type { AgentDefinition } from "./definition.js";
import type { Conversation } from "./conversation.js";
import { runLoop } from "./loop.js";
import type { AgentResult, UnansweredResult } from "./result.js";
import type { RunScope } from "./run-scope.js";
import type { RunState, SessionCounters } from "./run-state.js";
import { type Task, type TaskInput, resolveTask, taskMessage, writeTaskFiles } from "./task.js";
import type { Interpreter } from "../executor/executor.js";

/** What a run borrows from its session. */
export interface RunEnvironment<TOutput, TContext> {
  definition: AgentDefinition<TOutput, TContext>;
  conversation: Conversation;
  counters: SessionCounters;
  scope: RunScope;
  context: TContext;
  /** What the model must be told before the task; given once. */
  takeNotes: () => readonly string[];
  interpreter: () => Promise<Interpreter>;
}

/** Runs a task from its `start` event to its terminal one. */
export async function executeRun<TOutput, TContext>(
  environment: RunEnvironment<TOutput, TContext>,
  givenTask: Task,
): Promise<AgentResult<TOutput>> {
  const { scope, definition } = environment;
  const task = resolveTask(givenTask);
  checkTaskFiles(task, definition);
  const run = openRun(environment, task);
  const timer = startRunClock(scope, definition.limits.runTimeoutMs);
  try {
    await prepareInterpreter(environment, task);
    return finish(run, await runLoop(run));
  } catch (error) {
    return endEarly(run, error);
  } finally {
    clearTimeout(timer);
  }
}

function openRun<TOutput, TContext>(
  environment: RunEnvironment<TOutput, TContext>,
  task: TaskInput,
): RunState<TOutput, TContext> {
  const { definition, conversation, scope } = environment;
  conversation.setInstructions(systemPrompt(definition));
  conversation.addTask(taskMessage(task, environment.takeNotes()));
  scope.emit({
    type: "start",
    agent: {
      name: definition.name,
      ...(definition.description !== undefined && { description: definition.description }),
    },
    model: definition.model.id,
    actionFormat: definition.format.name,
    ...(definition.executor && { executor: definition.executor.name }),
    messages: [...conversation.messages],
  });
  return {
    ...environment,
    tools: definition.toolset.descriptions,
    step: 0,
    invalidMessages: 0,
    lastObservations: [],
    rejectedAnswers: 0,
    answer: undefined,
  };
}

function systemPrompt<TOutput, TContext>(definition: AgentDefinition<TOutput, TContext>): string {
  const { format, toolset, answer, limits, instructions } = definition;
  const prompt = format.instructions({
    tools: toolset.descriptions,
    answer: answer.description,
    limits,
  });
  return instructions === undefined ? prompt : `${prompt}\n\n${instructions}`;
}

/**
 * Starts the interpreter while the model is being asked: the first action waits for it. A failed
 * start ends the run at once. Task files must be there before, though.
 */
async function prepareInterpreter<TOutput, TContext>(
  { definition, interpreter, scope }: RunEnvironment<TOutput, TContext>,
  task: TaskInput,
): Promise<void> {
  if (!definition.executor || scope.signal.aborted) return;
  const started = interpreter();
  if (task.files) await writeTaskFiles(task, await started);
  else started.catch((error: unknown) => scope.abort("fault", error));
}

function checkTaskFiles<TOutput, TContext>(
  task: TaskInput,
  definition: AgentDefinition<TOutput, TContext>,
): void {
  if (definition.executor || Object.keys(task.files ?? {}).length === 0) return;
  throw new CodeActError(
    "invalid-task",
    `The task has files, but the action format "${definition.format.name}" uses no interpreter to ` +
      "put them in. Use codeFormat() or nativeToolFormat() with an executor.",
  );
}

function startRunClock(
  scope: RunScope,
  timeoutMs: number,
): ReturnType<typeof setTimeout> | undefined {
  if (!Number.isFinite(timeoutMs)) return undefined;
  return setTimeout(() => {
    scope.abort("time-limit", new Error(`The run exceeded its limit of ${timeoutMs} ms.`));
  }, timeoutMs);
}

function finish<TOutput, TContext>(
  run: RunState<TOutput, TContext>,
  status: FinishStatus,
): AgentResult<TOutput> {
  const { scope, step, answer } = run;
  const summary = { steps: step, usage: scope.usage };
  const answered = status === "answered" && answer;
  scope.emit({ type: "finish", status, ...summary, ...(answered && { output: answer.json }) });
  const result = { ...summary, runId: scope.runId, trajectory: scope.trajectory };
  return answered
    ? { ...result, status: "answered", output: answer.output }
    : { ...result, status: status as UnansweredResult["status"] };
}

/** Tells apart an abort by the caller, a limit, and a fault. */
function endEarly<TOutput, TContext>(
  run: RunState<TOutput, TContext>,
  thrown: unknown,
): AgentResult<TOutput> {
  const { scope } = run;
  const cause = scope.abortCause;
  if (cause === "time-limit") return finish(run, "time-limit");
  if (cause === "aborted") {
    finish(run, "aborted");
    throw scope.signal.reason;
  }
  const error = asCodeActError(cause === "fault" ? scope.signal.reason : thrown);
  if (error.code === "context-overflow") return finish(run, "context-limit");
  const { name, message, code } = error;
  scope.emit({
    type: "error",
    error: { name, message, code },
    steps: run.step,
    usage: scope.usage,
  });
  throw error;
}

function asCodeActError(error: unknown): CodeActError {
  if (CodeActError.isInstance(error)) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new CodeActError("executor-fault", `The run failed: ${text}`, { cause: error });
}
