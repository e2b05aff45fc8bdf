import type { AgentEvent, ObservationEvent } from "@codeact/core";
import { formatDuration } from "./format.js";
import { MessageView } from "./message-view.js";
import { OutputView } from "./output-view.js";
import type { Screen } from "./screen.js";
import { ToolCallView } from "./tool-call-view.js";
import { clip, wrapText } from "./wrap.js";

/** Shows the events of a run, one after another. */
export class RunView {
  readonly #screen: Screen;
  #message: MessageView;
  #output: OutputView;
  #toolCalls: ToolCallView;

  constructor(screen: Screen) {
    this.#screen = screen;
    this.#message = new MessageView(screen);
    this.#output = new OutputView(screen);
    this.#toolCalls = new ToolCallView(screen);
  }

  show(event: AgentEvent): void {
    const screen = this.#screen;
    switch (event.type) {
      case "step-start":
        this.#message = new MessageView(screen);
        screen.rule(`Step ${event.step}`);
        return screen.status("waiting for the model …");
      case "message-delta":
        return this.#message.push(event.text);
      case "reasoning-delta":
        return screen.status("the model is reasoning …");
      case "message":
        return this.#message.end();
      case "action":
        this.#output = new OutputView(screen);
        this.#toolCalls = new ToolCallView(screen);
        if (event.action.type === "code") this.#message.confirm(event.action.code);
        screen.print("");
        return screen.status("     │ running …");
      case "output":
        this.#toolCalls.flush();
        return this.#output.push(event.output);
      case "tool-call":
        this.#output.flush();
        return this.#toolCalls.begin(event);
      case "tool-result":
        return this.#toolCalls.end(event);
      case "observation":
        this.#toolCalls.flush();
        this.#output.end();
        return this.#showObservation(event);
      default:
        return;
    }
  }

  #showObservation({ status, error, text, durationMs }: ObservationEvent): void {
    const { dim, red, green, yellow } = this.#screen.palette;
    const width = this.#screen.width - 7;
    const time = formatDuration(durationMs);
    if (error) {
      for (const line of error.traceback.trimEnd().split("\n")) {
        this.#screen.print(`${dim("     │")} ${red(clip(line, width))}`);
      }
      this.#screen.print(`     ${red("✗")} ${error.type} ${dim(`· ${time}`)}`);
    } else if (status === "ok") {
      const read = `${text.length.toLocaleString("en")} characters for the model`;
      this.#screen.print(`     ${green("✓")} ${status} ${dim(`· ${time} · ${read}`)}`);
    } else {
      const lines = wrapText(text, width).map((line) => `${dim("     │")} ${line}`);
      this.#screen.print(...lines, `     ${yellow("!")} ${status} ${dim(`· ${time}`)}`);
    }
  }
}
