import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { JsonSchema } from "../executor/tool-call.js";

/**
 * A schema of tool inputs, tool outputs or answers: any Standard Schema whose library can also
 * give JSON Schema (zod 4 first), or a plain JSON Schema document.
 */
export type Schema = StandardSchemaV1 | JsonSchema;

/** What a tool gets besides its input. */
export interface ToolExecuteOptions<TContext = unknown> {
  /** Aborts when the cell or run that made the call ends, or after the tool's `timeoutMs`. */
  signal: AbortSignal;
  /** The `context` that was given to the run. */
  context: TContext;
  toolCallId: string;
  runId: string;
}

/** A function of your application that the model's Python calls by name; made by `tool()`. */
export interface Tool<TInput = unknown, TOutput = unknown, TContext = unknown> {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: Schema;
  readonly outputSchema?: Schema;
  /** Whether the `approve` callback is asked before each call. @defaultValue false */
  readonly needsApproval?: boolean;
  /** Aborts the call after this long; Python sees a `ToolError`. @defaultValue no limit */
  readonly timeoutMs?: number;
  // A method, so that tools of any input type fit in one array.
  execute(input: TInput, options: ToolExecuteOptions<TContext>): TOutput | Promise<TOutput>;
}
