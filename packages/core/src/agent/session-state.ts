import { onAbort } from "../async/abort.js";
import { createIdentifier } from "../async/identifier.js";
import { CodeActError } from "../errors/codeact-error.js";
import type { AgentEvent } from "../events/event.js";
import { callIsolated } from "../events/isolation.js";
import type { ForkOptions, Interpreter } from "../executor/executor.js";
import type { Message } from "../model/message.js";
import type { Trajectory } from "../trajectory/trajectory.js";
import type { AgentDefinition } from "./definition.js";
import { Conversation } from "./conversation.js";
import { closeOpenCalls } from "./open-calls.js";
import { problemOfMessages } from "./message-check.js";
import { invalidOption, refuseRunOptions } from "./option-checks.js";
import type { RunOptions } from "./options.js";
import type { AgentResult } from "./result.js";
import { executeRun } from "./run.js";
import { type ParentRun, RunScope } from "./run-scope.js";
import type { Task } from "./task.js";

/** Where a session delivers what concerns the agent as a whole. */
export interface AgentHooks {
  deliver(event: AgentEvent): void;
  reportListenerError(listener: string, error: unknown): void;
}

/** A run under way. */
export interface RunHandle<TOutput> {
  result: Promise<AgentResult<TOutput>>;
  trajectory: Trajectory;
  abort: (reason: unknown) => void;
}

/** Who else has to do with a run. */
interface RunSurroundings {
  /** The run whose tool call it is. */
  parent?: ParentRun | undefined;
  /** Takes its events; must not throw. */
  watch?: ((event: AgentEvent) => void) | undefined;
}

const variablesAreGone =
  "Note: the Python interpreter is new. Variables, imports and functions of earlier code are gone.";

/** A conversation and its interpreter, in which runs follow one another. */
export class SessionState<TOutput, TContext> {
  readonly id = createIdentifier("session");
  readonly definition: AgentDefinition<TOutput, TContext>;
  readonly conversation = new Conversation();
  readonly #hooks: AgentHooks;
  readonly #counters = { actions: 0, toolCalls: 0, approvals: 0 };
  readonly #closing = new AbortController();
  #interpreter: Promise<Interpreter> | undefined;
  #live: Interpreter | undefined;
  /** Settles when what the session is doing now has ended. */
  #active: Promise<void> | undefined;
  #notes: string[] = [];

  constructor(definition: AgentDefinition<TOutput, TContext>, hooks: AgentHooks) {
    this.definition = definition;
    this.#hooks = hooks;
  }

  /** The interpreter, once it has been started. */
  get interpreter(): Interpreter | undefined {
    return this.#live;
  }

  /** Goes on from a stored conversation, whose variables no longer exist. */
  resume(messages: readonly Message[]): void {
    const problem = problemOfMessages(messages);
    if (problem !== undefined) {
      throw invalidOption(`The messages of a session cannot be used: ${problem}.`);
    }
    this.conversation.replace(closeOpenCalls(structuredClone(messages)));
    if (this.definition.executor && messages.some(({ role }) => role === "assistant")) {
      this.#notes.push(variablesAreGone);
    }
  }

  /** Starts the interpreter, once. Closing the session gives up on it too. */
  startInterpreter(signal?: AbortSignal): Promise<Interpreter> {
    this.#interpreter ??= this.#start(signal);
    return this.#interpreter;
  }

  async #start(signal: AbortSignal | undefined): Promise<Interpreter> {
    const { executor, declarations } = this.definition;
    if (!executor) {
      throw new CodeActError("unsupported", "This agent's action format uses no interpreter.");
    }
    const starting = new AbortController();
    const giveUp = (reason: unknown) => starting.abort(reason);
    const stopFollowing = [this.#closing.signal, ...(signal ? [signal] : [])].map((outer) =>
      onAbort(outer, giveUp),
    );
    try {
      const options = { tools: declarations, signal: starting.signal };
      return (this.#live = await executor.start(options));
    } finally {
      for (const stop of stopFollowing) stop();
    }
  }

  /** Begins a run. Its result rejects at once when the session is busy or closed. */
  begin(
    task: Task,
    options: RunOptions<TContext> = {},
    { parent, watch }: RunSurroundings = {},
  ): RunHandle<TOutput> {
    const refusal = refuseRunOptions(options);
    const { signal, onEvent, context }: RunOptions<TContext> = refusal ? {} : options;
    const scope = new RunScope({
      sessionId: this.id,
      tokenLimit: this.definition.limits.tokens,
      ownSink: (event) => this.#hooks.deliver(event),
      sink: (event) => {
        watch?.(event);
        this.#observe(onEvent, event);
      },
      signal,
      parent,
    });
    const result = refusal ? Promise.reject(refusal) : this.#run(scope, task, context as TContext);
    return {
      result,
      trajectory: scope.trajectory,
      abort: (reason) => scope.abort("aborted", reason),
    };
  }

  async #run(scope: RunScope, task: Task, context: TContext): Promise<AgentResult<TOutput>> {
    let release = (): void => undefined;
    try {
      return await this.#alone("start a run", () => {
        release = onAbort(this.#closing.signal, (reason) => scope.abort("aborted", reason));
        return executeRun(
          {
            definition: this.definition,
            conversation: this.conversation,
            counters: this.#counters,
            scope,
            context,
            takeNotes: () => this.#notes.splice(0),
            interpreter: () => this.startInterpreter(scope.signal),
          },
          task,
        );
      });
    } finally {
      release();
      scope.close();
    }
  }

  #observe(onEvent: RunOptions["onEvent"], event: AgentEvent): void {
    if (!onEvent) return;
    callIsolated(
      () => onEvent(event),
      (error) => this.#hooks.reportListenerError("onEvent", error),
    );
  }

  /** A second session with the same conversation and a fork of the interpreter. */
  async fork(options?: ForkOptions): Promise<SessionState<TOutput, TContext>> {
    this.#requireIdle("fork");
    const branch = new SessionState(this.definition, this.#hooks);
    branch.#continue(this);
    if (this.#live) branch.#adopt(await forkInterpreter(this.#live, options));
    return branch;
  }

  /** Goes back to what `source` holds now; `source` stays as it is. */
  async restore(source: SessionState<TOutput, TContext>): Promise<void> {
    await this.#alone("restore", async () => {
      const replaced = this.#live;
      if (source.#live) this.#adopt(await forkInterpreter(source.#live));
      this.#continue(source);
      await replaced?.close();
    });
  }

  #continue(source: SessionState<TOutput, TContext>): void {
    this.conversation.replace(source.conversation.messages);
    this.#notes = [...source.#notes];
  }

  #adopt(interpreter: Interpreter): void {
    this.#live = interpreter;
    this.#interpreter = Promise.resolve(interpreter);
  }

  /** Ends a run under way and the interpreter. Idempotent. */
  async close(): Promise<void> {
    this.#closing.abort(closedError());
    await this.#active;
    const interpreter = await this.#interpreter?.catch(() => undefined);
    await interpreter?.close();
  }

  /** Does what leaves no room for anything else; the session is busy from the first moment on. */
  async #alone<T>(what: string, work: () => Promise<T>): Promise<T> {
    this.#requireIdle(what);
    let end = (): void => undefined;
    this.#active = new Promise((resolve) => {
      end = resolve;
    });
    try {
      return await work();
    } finally {
      this.#active = undefined;
      end();
    }
  }

  #requireIdle(what: string): void {
    if (this.#closing.signal.aborted) throw closedError();
    if (this.#active) {
      throw new CodeActError(
        "session-busy",
        `Cannot ${what}: this session is still in a run, or going back to a checkpoint. Await ` +
          "that first, or fork the session or open another to run at the same time.",
      );
    }
  }
}

function closedError(): CodeActError {
  return new CodeActError("session-closed", "The session is closed. Open another.");
}

async function forkInterpreter(
  interpreter: Interpreter,
  options?: ForkOptions,
): Promise<Interpreter> {
  if (!interpreter.fork) {
    throw new CodeActError(
      "fork",
      "This session's interpreter cannot be forked: its executor has no live forks " +
        "(capabilities.fork is false).",
    );
  }
  return interpreter.fork(options);
}
