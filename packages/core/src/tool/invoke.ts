import { onAbort } from "../async/abort.js";
import type { ToolCallError, ToolCallOutcome, WireValue } from "../executor/tool-call.js";
import { validate } from "../schema/validate.js";
import type { DeclaredTool } from "./declaration.js";
import { thrownText } from "./thrown-text.js";
import type { Tool, ToolExecuteOptions } from "./tool.js";
import { declaredTool } from "./toolset.js";
import { toWireValue } from "./wire-value.js";

/**
 * Calls a tool: validates the input, runs `execute` under the tool's time-out, validates and maps
 * the output. Whatever fails is an outcome that Python raises; it never rejects. A tool that
 * ignores its signal is left behind when it ends.
 */
export async function invokeTool(
  tool: Tool<never, unknown, never>,
  input: WireValue,
  options: ToolExecuteOptions,
): Promise<ToolCallOutcome> {
  const { name, timeoutMs } = tool;
  const call = new AbortController();
  const { promise: ended, resolve: end } = deferred<ToolCallOutcome>();
  const stop = (reason: unknown, message: string) => {
    end(failure("ToolError", message));
    call.abort(reason);
  };
  if (options.signal.aborted) return failure("ToolError", `${name} was aborted.`);
  const release = onAbort(options.signal, (reason) => stop(reason, `${name} was aborted.`));
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          const message = `${name} timed out after ${timeoutMs} ms.`;
          stop(new DOMException(message, "TimeoutError"), message);
        }, timeoutMs);
  try {
    return await Promise.race([ended, perform(tool, input, { ...options, signal: call.signal })]);
  } finally {
    clearTimeout(timer);
    release();
  }
}

async function perform(
  tool: Tool<never, unknown, never>,
  input: WireValue,
  options: ToolExecuteOptions,
): Promise<ToolCallOutcome> {
  try {
    const declared = declaredTool(tool);
    const wrongArguments = checkArguments(tool.name, declared, input);
    if (wrongArguments !== undefined) return wrongArguments;
    const checked = await validate(tool.inputSchema, input);
    if (!checked.ok) {
      const type = checked.wrongType ? "TypeError" : "ValueError";
      return refusal(type, declared, checked.issues);
    }
    // An asynchronous schema may have taken longer than the call was wanted.
    options.signal.throwIfAborted();
    // The types hold: the schema validated the input, and the agent's type the context.
    const validated = tool as Tool<unknown, unknown, unknown>;
    const output = await validated.execute(checked.value, options);
    return await outcomeOf(tool, output);
  } catch (error) {
    return failure("ToolError", thrownText(error));
  }
}

async function outcomeOf(
  tool: Tool<never, unknown, never>,
  output: unknown,
): Promise<ToolCallOutcome> {
  const invalid = (issues: string) =>
    failure("ToolError", `${tool.name} returned an invalid value: ${issues}`);
  let value = output;
  if (tool.outputSchema !== undefined) {
    const checked = await validate(tool.outputSchema, output);
    if (!checked.ok) return invalid(checked.issues);
    value = checked.value;
  }
  try {
    return { ok: true, value: toWireValue(value) };
  } catch (error) {
    return invalid(thrownText(error));
  }
}

/** What Python itself would refuse: it cannot be relied on, and other callers have no signature. */
function checkArguments(
  name: string,
  declared: DeclaredTool,
  input: WireValue,
): ToolCallOutcome | undefined {
  const { parameters } = declared.declaration;
  if (parameters === "value") return undefined;
  if (Array.isArray(input)) {
    const counts = `${parameters.length} positional arguments but ${input.length} were given`;
    return refusal("TypeError", declared, `it takes ${counts}`);
  }
  if (typeof input !== "object" || input === null || input instanceof Uint8Array) {
    return refusal("TypeError", declared, "its arguments must be given by name");
  }
  const known = new Set(parameters.map((parameter) => parameter.name));
  const unknown = Object.keys(input).filter((key) => !known.has(key));
  const missing = parameters.filter(
    (parameter) => parameter.required && !Object.hasOwn(input, parameter.name),
  );
  const problems = [
    ...(declared.isOpen ? [] : unknown.map((key) => `unexpected argument ${JSON.stringify(key)}`)),
    ...missing.map(({ pythonName }) => `missing argument ${JSON.stringify(pythonName)}`),
  ];
  return problems.length === 0 ? undefined : refusal("TypeError", declared, problems.join("; "));
}

function refusal(
  type: ToolCallError["type"],
  { declaration, signature }: DeclaredTool,
  problem: string,
): ToolCallOutcome {
  return failure(type, `${declaration.pythonName}(): ${problem}\nCall it as ${signature}`);
}

function failure(type: ToolCallError["type"], message: string): ToolCallOutcome {
  return { ok: false, error: { type, message } };
}

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
