import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { JsonSchema } from "../executor/tool-call.js";
import type { Schema } from "../schema/schema.js";

/** What a tool gets besides its input. */
export interface ToolExecuteOptions<TContext = unknown> {
  /** Aborts when the cell or run that made the call ends, or after the tool's `timeoutMs`. */
  signal: AbortSignal;
  /** The `context` that was given to the run. */
  context: TContext;
  toolCallId: string;
  runId: string;
}

/**
 * A function of your application that the model's Python calls by name; made by `tool()`. Without
 * type arguments: a tool of any input and output that needs no particular context.
 */
export interface Tool<TInput = never, TOutput = unknown, TContext = unknown> {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: Schema;
  readonly outputSchema?: Schema;
  /** Whether the `approve` callback is asked before each call. @defaultValue false */
  readonly needsApproval?: boolean;
  /** Aborts the call after this long; Python sees a `ToolError`. @defaultValue no limit */
  readonly timeoutMs?: number;
  // A property and not a method, so that the context is contravariant: an agent with several tools
  // then needs a context that suits all of them.
  readonly execute: (
    input: TInput,
    options: ToolExecuteOptions<TContext>,
  ) => TOutput | Promise<TOutput>;
}

/** What `tool()` takes. */
export interface ToolOptions<TInput, TOutput, TContext> {
  /**
   * The function's name in Python. Characters that Python forbids become `_`. Names of Python's
   * keywords and builtins are refused.
   */
  name: string;
  /** What it does and when to use it; the model reads it as the function's docstring. */
  description: string;
  /**
   * The input. An object with known properties becomes the function's parameters; anything else
   * becomes the single parameter `value`.
   */
  inputSchema: StandardSchemaV1<unknown, TInput> | JsonSchema;
  /** What `execute` returns, validated after each call. @defaultValue anything, `Any` in Python */
  outputSchema?: StandardSchemaV1<TOutput, unknown> | JsonSchema;
  /** Whether the `approve` callback is asked before each call. @defaultValue false */
  needsApproval?: boolean;
  /** Aborts the call after this long; Python sees a `ToolError`. @defaultValue no limit */
  timeoutMs?: number;
  /**
   * Does the work with a validated input. What it throws becomes a `ToolError` in Python, with the
   * error's name and message and without its stack.
   */
  execute: (
    input: NoInfer<TInput>,
    options: ToolExecuteOptions<TContext>,
  ) => NoInfer<TOutput> | Promise<NoInfer<TOutput>>;
}

/**
 * Defines a tool. Input and output are inferred from the schemas; the type of the run's context is
 * taken from an annotation of the second parameter, where one is wanted. The definition is checked
 * as a whole when an agent takes it.
 *
 * @example
 * ```ts
 * const weather = tool({
 *   name: "get_weather",
 *   description: "Current weather of a city.",
 *   inputSchema: z.object({ city: z.string().describe("City name") }),
 *   outputSchema: z.object({ celsius: z.number() }),
 *   execute: async ({ city }, { signal }) => lookUp(city, signal),
 * });
 *
 * const orders = tool({
 *   name: "list_orders",
 *   description: "Orders of the signed-in customer.",
 *   inputSchema: z.object({ limit: z.int().max(100).default(20) }),
 *   execute: ({ limit }, { context }: ToolExecuteOptions<{ customerId: string }>) =>
 *     database.orders(context.customerId, limit),
 * });
 * ```
 */
export function tool<TInput, TOutput, TContext = unknown>(
  options: ToolOptions<TInput, TOutput, TContext>,
): Tool<TInput, TOutput, TContext> {
  return Object.freeze({ ...options });
}
