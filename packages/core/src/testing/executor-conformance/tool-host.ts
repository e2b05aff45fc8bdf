import type {
  ToolCallHandler,
  ToolCallOutcome,
  ToolCallRequest,
  WireValue,
} from "../../executor/tool-call.js";
import { settles } from "./assertions.js";

type Answer = (request: ToolCallRequest) => ToolCallOutcome | Promise<ToolCallOutcome>;

/** A successful answer. */
export function value(result: WireValue): ToolCallOutcome {
  return { ok: true, value: result };
}

/** The host's side of tool calls: records every request and answers by name. */
export class ToolHost {
  readonly requests: ToolCallRequest[] = [];
  readonly #answers: { [name: string]: Answer };
  readonly #waiting: { count: number; resolve: () => void }[] = [];

  /** Tools that are not named in `answers` return their input; `finish` ends the cell. */
  constructor(answers: { [name: string]: Answer } = {}) {
    this.#answers = answers;
  }

  /** To be given as `onToolCall`. */
  readonly handle: ToolCallHandler = async (request) => {
    this.requests.push(request);
    for (const waiter of this.#waiting) {
      if (this.requests.length >= waiter.count) waiter.resolve();
    }
    const answer = this.#answers[request.name];
    if (answer) return answer(request);
    return request.name === "finish"
      ? { ok: true, value: null, endCell: true }
      : value(request.input);
  };

  get inputs(): WireValue[] {
    return this.requests.map((request) => request.input);
  }

  /** Resolves when so many calls have come. */
  async called(count = 1): Promise<void> {
    if (this.requests.length >= count) return;
    await settles(
      new Promise<void>((resolve) => this.#waiting.push({ count, resolve })),
      `tool call ${count}`,
    );
  }
}

/** A promise and the function that resolves it. */
export function gate<T = void>(): { promise: Promise<T>; open: (value: T) => void } {
  let open: (value: T) => void = () => {};
  const promise = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}

/** Never answers: the call ends with its cell. */
export function unanswered(): Promise<ToolCallOutcome> {
  return new Promise(() => {});
}
