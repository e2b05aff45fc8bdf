import {
  CodeActError,
  type JsonValue,
  type Model,
  type ModelCapabilities,
  type ModelEvent,
  type ModelRequest,
} from "@codeact/core";
import { canonicalRequest } from "./canonical-request.js";
import type { RecordedExchange, RecordedRequest } from "./exchange.js";
import { commonLength, firstDifference } from "./first-difference.js";
import { replayExchange } from "./replay.js";

/** Options of {@link RecordedModel}. */
export interface RecordedModelOptions {
  /** What to replay; from `readRecording`, `parseRecording` or `recordModel`. */
  exchanges: readonly RecordedExchange[];
  /**
   * How a request finds its exchange. `"sequence"`: the first request gets the first exchange and
   * so on, whatever it asks. `"request"`: the first unused exchange with the same request, so that
   * a changed prompt is noticed and concurrent requests may come in any order.
   * @defaultValue `"sequence"`
   */
  match?: "sequence" | "request";
  /**
   * 1 replays at the recorded pace, 2 twice as fast.
   * @defaultValue `Infinity`: without waiting
   */
  speed?: number;
}

/**
 * A model that replays recorded exchanges, each once: events, errors and usage as they were. It is
 * strict: a request for which there is no exchange throws and says what differs.
 *
 * @example
 * ```ts
 * const model = new RecordedModel({ exchanges: await readRecording("demo.jsonl") });
 * await new Agent({ model, executor }).run("Which city is warmest?");
 * model.assertDone();
 * ```
 */
export class RecordedModel implements Model {
  /** `recorded:` and the id of the model that was recorded. */
  readonly id: string;
  /** Those of the model that was recorded. */
  readonly capabilities: ModelCapabilities;
  readonly #total: number;
  readonly #unused: Set<RecordedExchange>;
  /** What is unused of each request; made when first asked, for making it is not free. */
  #byRequest: Map<string, RecordedExchange[]> | undefined;
  readonly #match: "sequence" | "request";
  readonly #speed: number;

  /** @throws `CodeActError` with code `invalid-option` */
  constructor({
    exchanges,
    match = "sequence",
    speed = Number.POSITIVE_INFINITY,
  }: RecordedModelOptions) {
    const [first] = exchanges;
    if (!first) {
      throw new CodeActError(
        "invalid-option",
        "RecordedModel: there are no exchanges to replay. Record some with recordModel().",
      );
    }
    if (!(speed > 0)) {
      throw new CodeActError(
        "invalid-option",
        `RecordedModel: speed is ${speed}. Give a number above 0, as 1 for the recorded pace.`,
      );
    }
    this.id = `recorded:${first.model.id}`;
    this.capabilities = { ...first.model.capabilities };
    this.#total = exchanges.length;
    this.#unused = new Set(exchanges.map((exchange) => ({ ...exchange })));
    this.#match = match;
    this.#speed = speed;
  }

  /** The exchanges that no request has taken yet. */
  get unusedExchanges(): readonly RecordedExchange[] {
    return [...this.#unused];
  }

  /**
   * Replays the exchange of the request.
   * @throws from the stream: `CodeActError` with code `script` if no exchange fits, the recorded
   * error, or `request.signal.reason` when aborted
   */
  async *generate({
    signal,
    ...request
  }: ModelRequest): AsyncGenerator<ModelEvent, void, undefined> {
    signal?.throwIfAborted();
    yield* replayExchange(this.#take(request), this.#speed, signal);
  }

  /**
   * Checks that every exchange was used.
   * @throws `CodeActError` with code `script` otherwise
   */
  assertDone(): void {
    if (this.#unused.size === 0) return;
    throw new CodeActError(
      "script",
      `${this.id}: ${this.#unused.size} of ${this.#total} recorded exchanges were not used. ` +
        "Record again, or find out why the run ended early.",
    );
  }

  #take(request: RecordedRequest): RecordedExchange {
    const exchange = this.#match === "sequence" ? this.#next() : this.#matching(request);
    this.#unused.delete(exchange);
    return exchange;
  }

  #next(): RecordedExchange {
    const [first] = this.#unused;
    return first ?? this.#surplus();
  }

  #matching(request: RecordedRequest): RecordedExchange {
    const wanted = canonicalRequest(request);
    const key = JSON.stringify(wanted);
    this.#byRequest ??= groupByRequest(this.#unused);
    return this.#byRequest.get(key)?.shift() ?? this.#mismatch(wanted, key);
  }

  #surplus(): never {
    throw new CodeActError(
      "script",
      `${this.id}: another request came after all ${this.#total} recorded exchanges were used. ` +
        "Record again, or find out why the run went on.",
    );
  }

  #mismatch(wanted: JsonValue, key: string): never {
    const nearest = nearestTo(key, [...this.#unused]);
    if (!nearest) this.#surplus();
    const difference = firstDifference(wanted, canonicalRequest(nearest.request));
    throw new CodeActError(
      "script",
      `${this.id}: no unused recorded exchange has this request. In the nearest one ` +
        `${difference}. Record again, or make the request what it was.`,
    );
  }
}

function groupByRequest(exchanges: Iterable<RecordedExchange>): Map<string, RecordedExchange[]> {
  const groups = new Map<string, RecordedExchange[]>();
  for (const exchange of exchanges) {
    const key = keyOf(exchange);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [exchange]);
    else group.push(exchange);
  }
  return groups;
}

function keyOf(exchange: RecordedExchange): string {
  return JSON.stringify(canonicalRequest(exchange.request));
}

/** The exchange whose request begins like this one for longest. */
function nearestTo(
  key: string,
  exchanges: readonly RecordedExchange[],
): RecordedExchange | undefined {
  const rated = exchanges.map((exchange) => ({
    exchange,
    length: commonLength(key, keyOf(exchange)),
  }));
  return rated.sort((left, right) => right.length - left.length)[0]?.exchange;
}
