import {
  type JsonObject,
  type JsonValue,
  type Message,
  messageText,
  type Model,
  type ModelEvent,
} from "@codeact/core";
import type { FormatName } from "./format.js";

/** One call of a tool, as the solution of a task makes it. */
export interface OracleCall {
  tool: string;
  arguments: JsonObject;
}

/** Steps of a solution: each call gets its result as it is shown, the return value is the answer. */
export type OracleSteps<TAnswer = JsonValue> = Generator<OracleCall, TAnswer, string>;

/** A solution of a task, by programs that know nothing but the tools. */
export interface Oracle {
  /** Python that ends with `final_answer(…)`, in one cell. */
  python: string;
  /** The same by single calls. */
  steps(): OracleSteps;
}

/**
 * A step of a solution: calls a tool and gives its result, a value that is shown as JSON. Its type
 * is known to the caller.
 * @throws `SyntaxError` when the call failed, since errors are no JSON
 *
 * @example
 * ```ts
 * function* steps(): OracleSteps {
 *   const cities = yield* call<string[]>("list_cities", {});
 *   return cities.length;
 * }
 * ```
 */
export function* call<TResult extends JsonValue>(
  toolName: string,
  toolArguments: JsonObject,
): OracleSteps<TResult> {
  const shown = yield { tool: toolName, arguments: toolArguments };
  return JSON.parse(shown) as TResult;
}

/** A step whose result is a text; it is shown as it is, and may look like JSON. */
export function* callForText(toolName: string, toolArguments: JsonObject): OracleSteps<string> {
  return yield { tool: toolName, arguments: toolArguments };
}

/**
 * A model that plays a solution in one run. For single calls it reads each result from the
 * observation, as any model has to: what is not in there, it does not know.
 */
export function oracleModel(oracle: Oracle, format: FormatName): Model {
  const nextEvent =
    format === "code" || format === "native" ? playCode(oracle, format) : playCalls(oracle, format);
  return {
    id: "oracle",
    capabilities: { tools: true },
    async *generate({ messages }) {
      yield nextEvent(messages);
      yield { type: "finish", reason: format === "native" ? "tool-calls" : "stop" };
    },
  };
}

type NextEvent = (messages: readonly Message[]) => ModelEvent;

function playCode({ python }: Oracle, format: "code" | "native"): NextEvent {
  return () =>
    format === "code"
      ? { type: "text", text: `I know how to do this.\n\n<execute>\n${python}\n</execute>` }
      : {
          type: "tool-call",
          toolCallId: "call_1",
          name: "execute_python",
          arguments: JSON.stringify({ code: python }),
        };
}

function playCalls(oracle: Oracle, format: "json" | "text"): NextEvent {
  const write = writers[format];
  let steps: OracleSteps | undefined;
  return (messages) => {
    const next = steps ? steps.next(readObservation(messages)) : (steps = oracle.steps()).next();
    return { type: "text", text: next.done ? write.answer(next.value) : write.call(next.value) };
  };
}

const writers = {
  json: {
    call: (step: OracleCall) => JSON.stringify({ tool: step.tool, args: step.arguments }),
    answer: (answer: JsonValue) => JSON.stringify({ answer }),
  },
  text: {
    call: (step: OracleCall) => {
      const given = Object.entries(step.arguments);
      const pieces = given.map(([name, value]) => `${name}=${JSON.stringify(value)}`);
      return `Action: ${[step.tool, ...pieces].join(", ")}`;
    },
    answer: (answer: JsonValue) =>
      `Answer: ${typeof answer === "string" ? answer : JSON.stringify(answer)}`,
  },
} as const;

function readObservation(messages: readonly Message[]): string {
  const last = messages.at(-1);
  const text = last ? messageText(last) : "";
  return text.replace(/^Observation:\n/, "").replace(/\n\n\[\d+ steps? left.*\]$/, "");
}
