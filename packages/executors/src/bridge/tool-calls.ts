import type {
  ToolCallError,
  ToolCallHandler,
  ToolCallOutcome,
  ToolCallRequest,
  WireValue,
} from "@codeact/core";
import type { CellClock } from "./cell-clock.js";
import { type EncodedAnswer, encodeToolError, encodeToolResult } from "./host-frame.js";
import { ProtocolError } from "./protocol-error.js";
import type { ToolCallFrame } from "./runtime-frame.js";
import { decodeValue, isShallow, maxValueDepth, WireValueError } from "./values.js";

/** Bounds what a flood of forged calls can start on the host. */
const maxPendingCalls = 10_000;

/** What the tool calls of a cell need from their surroundings. */
export interface ToolCallsOptions {
  handler: ToolCallHandler | undefined;
  /** Names of the declared tools; others are refused. */
  names: ReadonlySet<string>;
  /** Calls that no tool answers, but the host itself. */
  hostCalls?: ReadonlyMap<string, ToolCallHandler> | undefined;
  clock: CellClock;
  send(frame: EncodedAnswer): void;
  /** The handler threw, which only a broken host does. */
  onFault(error: unknown): void;
}

/** Answers the tool calls of one cell, each as it comes, any number at once. */
export class ToolCalls {
  readonly #options: ToolCallsOptions;
  readonly #pending = new Map<string, PendingCall>();
  /** Why no more calls are answered. */
  #endReason: string | undefined;

  constructor(options: ToolCallsOptions) {
    this.#options = options;
  }

  /** @throws ProtocolError when the call cannot come from the runtime. */
  dispatch(frame: ToolCallFrame): void {
    const { names, hostCalls } = this.#options;
    const { id, name } = frame;
    const hostCall = hostCalls?.get(name);
    const handler = hostCall ?? this.#options.handler;
    if (this.#pending.has(id)) {
      throw new ProtocolError("a tool call had the id of another pending one");
    }
    if (this.#endReason !== undefined) {
      this.#refuse(id, toolError(this.#endReason));
    } else if (handler === undefined) {
      this.#refuse(id, toolError("This cell runs without host tools."));
    } else if (hostCall === undefined && !names.has(name)) {
      this.#refuse(id, toolError(`There is no tool named ${JSON.stringify(name.slice(0, 100))}.`));
    } else if (this.#pending.size >= maxPendingCalls) {
      this.#refuse(id, toolError(`More than ${maxPendingCalls} tool calls are pending.`));
    } else {
      this.#start(frame, handler);
    }
  }

  /** Aborts what is pending, drops what it would have answered, and refuses what comes. */
  end(reason: string): void {
    if (this.#endReason !== undefined) return;
    this.#endReason = reason;
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const call of pending) call.abort(reason);
  }

  #start(frame: ToolCallFrame, handler: ToolCallHandler): void {
    let input: WireValue;
    try {
      input = decodeInput(frame.raw);
    } catch (error) {
      if (!(error instanceof WireValueError)) throw error;
      this.#refuse(frame.id, { type: "ValueError", message: `The input: ${error.message}.` });
      return;
    }
    const call = new PendingCall(frame, input, this.#options.clock);
    this.#pending.set(frame.id, call);
    void this.#answer(call, handler);
  }

  async #answer(call: PendingCall, handler: ToolCallHandler): Promise<void> {
    let answer: EncodedAnswer;
    try {
      answer = encodeOutcome(call.id, await handler(call));
    } catch (error) {
      if (this.#pending.has(call.id)) this.#options.onFault(error);
      answer = encodeToolError(call.id, toolError("The host failed to answer this call."));
    }
    if (this.#pending.delete(call.id)) this.#options.send(answer);
  }

  #refuse(id: string, error: ToolCallError): void {
    this.#options.send(encodeToolError(id, error));
  }
}

/** One call that the handler works on. */
class PendingCall implements ToolCallRequest {
  readonly id: string;
  readonly name: string;
  readonly input: WireValue;
  readonly #clock: CellClock;
  /** Made on demand: most calls never look at their signal. */
  #controller: AbortController | undefined;
  #abortReason: DOMException | undefined;

  constructor(frame: ToolCallFrame, input: WireValue, clock: CellClock) {
    this.id = frame.id;
    this.name = frame.name;
    this.input = input;
    this.#clock = clock;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#abortReason !== undefined) this.#controller.abort(this.#abortReason);
    return this.#controller.signal;
  }

  /** A bound function, so that handlers can take the request apart; made on demand as well. */
  get pauseClock(): () => () => void {
    return () => this.#clock.pause();
  }

  abort(reason: string): void {
    this.#abortReason = new DOMException(reason, "AbortError");
    this.#controller?.abort(this.#abortReason);
  }
}

/** The answer to a call that no running cell owns. */
export function refuseStrayCall(id: string): EncodedAnswer {
  return encodeToolError(id, toolError("The cell that made this call has ended."));
}

function toolError(message: string): ToolCallError {
  return { type: "ToolError", message };
}

function decodeInput(raw: ToolCallFrame["raw"]): WireValue {
  const input = raw.header["input"];
  if (input === undefined) throw new ProtocolError("a tool call had no input");
  // Plain JSON needs no copy, only the check of its depth where its length allows any.
  const isPlain = !raw.mayHoldTags && (raw.headerLength <= 2 * maxValueDepth || isShallow(input));
  return isPlain ? (input as WireValue) : decodeValue(input, raw.blobs);
}

function encodeOutcome(id: string, outcome: ToolCallOutcome): EncodedAnswer {
  if (!outcome.ok) return encodeToolError(id, outcome.error);
  try {
    return encodeToolResult(id, outcome.value, outcome.endCell === true);
  } catch (error) {
    if (!(error instanceof WireValueError)) throw error;
    return encodeToolError(id, toolError(`The tool's result cannot be sent: ${error.message}.`));
  }
}
