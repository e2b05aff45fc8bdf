import { onAbort } from "../async/abort.js";
import type { ToolCallHandler, ToolCallOutcome, ToolCallRequest } from "../executor/tool-call.js";
import { invokeTool } from "../tool/invoke.js";
import { finalAnswerName } from "../tool/answer-declaration.js";
import { toJsonSafe } from "../tool/wire-value.js";
import { requestApproval } from "./approval.js";
import { answerByCall } from "./final-answer.js";
import { type RunLink, runLink } from "./run-link.js";
import type { RunState } from "./run-state.js";

/**
 * Answers the tool calls of one action: events, approval, validation, and the final answer. When
 * the action is over, `close` ends the calls that are still open.
 */
export class ActionTools<TOutput, TContext> {
  readonly #run: RunState<TOutput, TContext>;
  readonly #actionId: string;
  readonly #over = new AbortController();
  readonly #open = new Set<Promise<ToolCallOutcome>>();
  #fault: { error: unknown } | undefined;

  constructor(run: RunState<TOutput, TContext>, actionId: string) {
    this.#run = run;
    this.#actionId = actionId;
  }

  /** Aborts when the action must not go on, because answering one of its calls failed. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  /** Takes a call; it never rejects, since a fault must not look like an answer to Python. */
  readonly handle: ToolCallHandler = (request) => {
    if (this.#over.signal.aborted) return Promise.resolve(failure("The action is over."));
    const answer = this.#answer(request).catch((error: unknown): ToolCallOutcome => {
      if (!request.signal.aborted && !this.#over.signal.aborted) {
        this.#fault ??= { error };
        this.#over.abort(error);
      }
      return failure("The call was aborted.");
    });
    this.#open.add(answer);
    void answer.then(() => this.#open.delete(answer));
    return answer;
  };

  /** Ends open calls, waits for their events, and throws what went wrong in answering one. */
  async close(): Promise<void> {
    this.#over.abort();
    await Promise.all(this.#open);
    if (this.#fault) throw this.#fault.error;
  }

  async #answer(request: ToolCallRequest): Promise<ToolCallOutcome> {
    const call = new AbortController();
    const release = [request.signal, this.#over.signal].map((signal) =>
      onAbort(signal, (reason) => call.abort(reason)),
    );
    try {
      return request.name === finalAnswerName
        ? await this.#answerFinally(request, call.signal)
        : await this.#answerTool(request, call.signal);
    } finally {
      for (const stop of release) stop();
    }
  }

  #answerFinally({ input }: ToolCallRequest, signal: AbortSignal): Promise<ToolCallOutcome> {
    return answerByCall(this.#run.definition.answer, input, signal, (answer) => {
      this.#run.answer ??= answer;
    });
  }

  async #answerTool(request: ToolCallRequest, signal: AbortSignal): Promise<ToolCallOutcome> {
    const { scope, step, counters } = this.#run;
    const ids = {
      step,
      actionId: this.#actionId,
      toolCallId: `call_${++counters.toolCalls}`,
      name: request.name,
    };
    const started = performance.now();
    scope.emit({ type: "tool-call", ...ids, input: toJsonSafe(request.input) });
    const subAgents: Promise<unknown>[] = [];
    const link: RunLink = {
      parent: { scope, toolCallId: ids.toolCallId },
      pauseClock: () => request.pauseClock(),
      hold: (work) => subAgents.push(work),
    };
    let outcome = failure("The call was aborted.");
    try {
      outcome = await this.#invoke(request, signal, ids.toolCallId, link);
    } finally {
      await Promise.allSettled(subAgents);
      scope.emit({
        type: "tool-result",
        ...ids,
        ...(outcome.ok ? { value: toJsonSafe(outcome.value) } : { error: outcome.error }),
        durationMs: performance.now() - started,
      });
    }
    return outcome;
  }

  async #invoke(
    request: ToolCallRequest,
    signal: AbortSignal,
    toolCallId: string,
    link: RunLink,
  ): Promise<ToolCallOutcome> {
    const { definition, scope, context } = this.#run;
    const { name } = request;
    const tool = definition.toolset.get(name);
    if (!tool) return failure(`There is no tool "${name}".`);
    let { input } = request;
    if (tool.needsApproval) {
      const resumeClock = request.pauseClock();
      try {
        const subject = { type: "tool-call" as const, toolCallId, name, input };
        const decision = await requestApproval(this.#run, this.#actionId, subject, signal);
        if (decision.decision === "deny") return failure(`The call was denied: ${decision.reason}`);
        if (decision.decision === "edit" && "input" in decision) input = decision.input;
      } finally {
        resumeClock();
      }
    }
    const options = { signal, context, toolCallId, runId: scope.runId, [runLink]: link };
    return invokeTool(tool, input, options);
  }
}

function failure(message: string): ToolCallOutcome {
  return { ok: false, error: { type: "ToolError", message } };
}
