import type {
  ToolCallHandler,
  ToolCallOutcome,
  ToolCallRequest,
  WireValue,
} from "../../executor/tool-call.js";
import { abortable } from "../../async/abort.js";
import { FakePythonError, keyboardInterrupt } from "./fake-python-error.js";

/** Ends a cell from inside, as the `BaseException` of an executor does. */
export class CellEnd extends Error {}

/** What a cell gives to the tool calls in it. */
export interface FakeToolCallHost {
  nextId(): string;
  pauseClock(): () => void;
  /** A call ended the cell. */
  endCell(): void;
  /** The handler of the host threw. */
  fault(error: unknown): void;
}

/** An instance of a class, as those of real executors are: it cannot be copied by spreading. */
class FakeToolCallRequest implements ToolCallRequest {
  readonly id: string;
  readonly name: string;
  readonly input: WireValue;
  readonly signal: AbortSignal;
  readonly #host: FakeToolCallHost;

  constructor(host: FakeToolCallHost, name: string, input: WireValue, signal: AbortSignal) {
    this.id = host.nextId();
    this.name = name;
    this.input = input;
    this.signal = signal;
    this.#host = host;
  }

  pauseClock(): () => void {
    return this.#host.pauseClock();
  }
}

/** The tool calls of one cell: sends them to the host and ends with the cell. */
export class FakeToolCalls {
  readonly #pending = new Set<AbortController>();
  #ended: "stopped" | "finished" | undefined;

  constructor(
    private readonly handler: ToolCallHandler | undefined,
    private readonly host: FakeToolCallHost,
  ) {}

  /** Aborts pending calls and refuses later ones. */
  end(how: "stopped" | "finished"): void {
    this.#ended = how;
    for (const controller of this.#pending) controller.abort(keyboardInterrupt());
    this.#pending.clear();
  }

  async call(name: string, input: WireValue): Promise<WireValue> {
    if (this.#ended === "stopped") throw keyboardInterrupt();
    if (this.#ended === "finished") {
      throw new FakePythonError("RuntimeError", `${name}() was called after its cell had ended.`);
    }
    if (!this.handler) throw new FakePythonError("ToolError", `The tool ${name} is not available.`);
    const controller = new AbortController();
    this.#pending.add(controller);
    try {
      return this.#read(await this.#send(this.handler, name, input, controller.signal));
    } finally {
      this.#pending.delete(controller);
    }
  }

  async #send(
    handler: ToolCallHandler,
    name: string,
    input: WireValue,
    signal: AbortSignal,
  ): Promise<ToolCallOutcome> {
    try {
      const request = new FakeToolCallRequest(this.host, name, structuredClone(input), signal);
      return await abortable(handler(request), signal);
    } catch (error) {
      // Whatever a handler throws after an abort says nothing new.
      if (signal.aborted) throw keyboardInterrupt();
      this.host.fault(error);
      throw new CellEnd();
    }
  }

  #read(outcome: ToolCallOutcome): WireValue {
    if (!outcome.ok) throw new FakePythonError(outcome.error.type, outcome.error.message);
    if (outcome.endCell) {
      this.host.endCell();
      throw new CellEnd();
    }
    return structuredClone(outcome.value);
  }
}
