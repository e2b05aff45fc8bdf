import type { ToolCallEvent, ToolResultEvent } from "@codeact/core";
import { formatDuration } from "./format.js";
import type { Screen } from "./screen.js";
import { clip } from "./wrap.js";

const shownCalls = 6;

type Call = Pick<ToolCallEvent, "toolCallId" | "name" | "input">;
type Result = Pick<ToolResultEvent, "toolCallId" | "name" | "value" | "error" | "durationMs">;

/** Shows the tool calls of an action: the first ones and all that fail, and counts the others. */
export class ToolCallView {
  readonly #screen: Screen;
  readonly #calls = new Map<string, Call>();
  #shown = 0;
  #more = 0;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  begin(call: Call): void {
    this.#calls.set(call.toolCallId, call);
    const count = this.#more === 0 ? "" : ` (and ${this.#more} more)`;
    this.#screen.status(`     ↳ ${call.name}${count} …`);
  }

  end(result: Result): void {
    if (this.#shown >= shownCalls && !result.error) {
      this.#more += 1;
      return;
    }
    this.#shown += 1;
    this.#print(result);
  }

  /** Says how many calls were only counted since the last time. */
  flush(): void {
    if (this.#more === 0) return;
    const { blue, dim } = this.#screen.palette;
    this.#screen.print(`     ${blue("↳")} ${dim(`and ${this.#more} more`)}`);
    this.#more = 0;
  }

  #print(result: Result): void {
    const { blue, red, dim, bold } = this.#screen.palette;
    const input = this.#calls.get(result.toolCallId)?.input;
    const values = typeof input === "object" && input !== null ? Object.values(input) : [input];
    const given = values.map((value) => JSON.stringify(value)).join(", ");
    const failed = result.error && `${result.error.type}: ${result.error.message}`;
    const time = formatDuration(result.durationMs);
    const room = this.#screen.width - result.name.length - given.length - time.length - 17;
    const shown = clip(failed ?? JSON.stringify(result.value), Math.max(room, 12));
    this.#screen.print(
      `     ${blue("↳")} ${bold(result.name)}(${given}) ${blue("→")} ` +
        `${failed ? red(shown) : shown} ${dim(`· ${time}`)}`,
    );
  }
}
