import type { DisplayOutput, ExecuteOptions, TextOutput } from "@codeact/core";
import { type CollectedOutput, KeptOutput } from "./kept-output.js";
import { type DeliveryEvents, OutputDelivery } from "./output-delivery.js";
import { bytesOf } from "./utf8.js";

/** The documented default of `maxOutputBytes`. */
export const defaultMaxOutputBytes = 1_000_000;

/**
 * The output of one cell. The result keeps all of it up to `maxOutputBytes`, beyond that the
 * first half and the last half; `onOutput` gets the first `maxOutputBytes` while they come.
 */
export class OutputCollector {
  readonly #kept: KeptOutput;
  readonly #delivery: OutputDelivery | undefined;
  #released = false;
  #lostBytes = 0;

  constructor(
    options: Pick<ExecuteOptions, "maxOutputBytes" | "onOutput">,
    events: DeliveryEvents,
  ) {
    const limit = options.maxOutputBytes ?? defaultMaxOutputBytes;
    this.#kept = new KeptOutput(limit);
    if (options.onOutput !== undefined) {
      this.#delivery = new OutputDelivery(options.onOutput, limit, events);
    }
  }

  /** Whether whoever writes should wait. */
  get isBlocked(): boolean {
    return !this.#released && this.#delivery?.isBusy === true;
  }

  addText(stream: TextOutput["stream"], bytes: Uint8Array): void {
    this.#kept.addText(stream, bytes);
    this.#delivery?.addText(stream, bytes);
  }

  addDisplay(display: DisplayOutput, size: number): void {
    this.#kept.addDisplay(display, size);
    this.#delivery?.addDisplay(display, size);
  }

  /** Takes over what was put out before the cell began. */
  addEarlier({ outputs, droppedBytes }: CollectedOutput): void {
    this.#lostBytes += droppedBytes;
    for (const output of outputs) {
      if (output.type === "text") this.addText(output.stream, bytesOf(output.text));
      else this.addDisplay(output, JSON.stringify(output.data).length);
    }
  }

  /** From now on a slow `onOutput` holds nothing up: its cell must end. */
  release(): void {
    this.#released = true;
    this.#delivery?.abandon();
  }

  /** Resolves when `onOutput` has taken everything, at once after `release()`. */
  async finish(): Promise<CollectedOutput> {
    if (this.#delivery !== undefined) {
      await this.#delivery.finish();
      this.#delivery.close();
    }
    const { outputs, droppedBytes } = this.#kept.finish();
    return { outputs, droppedBytes: droppedBytes + this.#lostBytes };
  }
}
