import type { ActionFormat } from "../action-format/contract.js";
import { CodeActError } from "../errors/codeact-error.js";
import type { AgentOptions, RunOptions } from "./options.js";

const callbacks = ["approve", "checkAnswer", "prepareStep", "stopWhen"] as const;
const texts = ["name", "description", "instructions"] as const;
const formatMethods = ["instructions", "reader", "renderObservations", "renderFeedback"] as const;

/** An option cannot be used; the message says which, and what to give instead. */
export function invalidOption(message: string): CodeActError<"invalid-option"> {
  return new CodeActError("invalid-option", message);
}

/** What JavaScript has no checker for: that an agent's options have their types. */
export function checkOptionTypes<TOutput, TContext>(
  options: AgentOptions<TOutput, TContext>,
): void {
  if (!isObject(options)) {
    throw invalidOption("An agent is made of options: new Agent({ model, executor }).");
  }
  for (const name of texts) {
    if (options[name] !== undefined && typeof options[name] !== "string") {
      throw invalidOption(`The agent's ${name} must be a string, not ${kindOf(options[name])}.`);
    }
  }
  if (options.name?.trim() === "") throw invalidOption("The agent's name must not be empty.");
  if (options.tools !== undefined && !Array.isArray(options.tools)) {
    throw invalidOption("The agent's tools must be an array: tools: [tool({ … })].");
  }
  for (const name of callbacks) {
    if (options[name] !== undefined && typeof options[name] !== "function") {
      throw invalidOption(`The agent's ${name} must be a function, not ${kindOf(options[name])}.`);
    }
  }
  if (options.actionFormat !== undefined) checkFormat(options.actionFormat);
}

function checkFormat(format: ActionFormat): void {
  const isComplete =
    isObject(format) &&
    typeof format.name === "string" &&
    Array.isArray(format.stop) &&
    formatMethods.every((method) => typeof format[method] === "function");
  if (isComplete) return;
  throw invalidOption(
    "The agent's actionFormat must have all members of ActionFormat. Give codeFormat(), " +
      "nativeToolFormat(), jsonFormat() or textFormat(), or leave it out.",
  );
}

/** The callbacks as they are now: changing the options later does not change the agent. */
export function boundCallbacks<TOutput, TContext>(
  options: AgentOptions<TOutput, TContext>,
): Pick<AgentOptions<TOutput, TContext>, (typeof callbacks)[number]> {
  return {
    ...(options.approve && { approve: options.approve.bind(options) }),
    ...(options.checkAnswer && { checkAnswer: options.checkAnswer.bind(options) }),
    ...(options.prepareStep && { prepareStep: options.prepareStep.bind(options) }),
    ...(options.stopWhen && { stopWhen: options.stopWhen.bind(options) }),
  };
}

/** Why the options of a run cannot be used, if so. */
export function refuseRunOptions<TContext>(
  options: RunOptions<TContext>,
): CodeActError<"invalid-option"> | undefined {
  if (!isObject(options)) {
    return invalidOption(`A run's options must be an object, not ${kindOf(options)}.`);
  }
  const { signal, onEvent } = options;
  if (signal !== undefined && typeof signal?.addEventListener !== "function") {
    return invalidOption(
      "A run's signal must be an AbortSignal. Of an AbortController, give controller.signal.",
    );
  }
  if (onEvent !== undefined && typeof onEvent !== "function") {
    return invalidOption(`A run's onEvent must be a function, not ${kindOf(onEvent)}.`);
  }
  return undefined;
}

/** How long a timer can wait at most; beyond, it would fire at once. */
export const maximumDelayMs = 2 ** 31 - 1;

/** The defaults with what is given over them. Names that have no default are refused. */
export function withDefaults<T extends { [TName in keyof T]: number }>(
  group: string,
  defaults: T,
  given: Partial<T> | undefined,
): T {
  const values = { ...defaults };
  if (given === undefined) return values;
  if (!isObject(given)) {
    throw invalidOption(`The agent's ${group} must be an object, not ${kindOf(given)}.`);
  }
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(defaults, name)) {
      const known = Object.keys(defaults).join(", ");
      throw invalidOption(`There is no ${group}.${name}. What can be set is: ${known}.`);
    }
    if (value !== undefined) Object.assign(values, { [name]: value });
  }
  return values;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "an array" : `a ${typeof value}`;
}
