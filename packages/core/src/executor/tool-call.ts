import type { JsonObject } from "../json.js";

/** One parameter of a tool as Python sees it. */
export interface ToolParameter {
  /** The property of the tool's input object. */
  name: string;
  /** The parameter's name in Python; differs where Python forbids the name (`from_`). */
  pythonName: string;
  required: boolean;
  /** `None` is a value of its own. Otherwise `None` for an optional parameter means "omitted". */
  nullable: boolean;
  /** Python passes `str(argument)` instead of the argument: for values that are to be text. */
  asText?: boolean;
}

/**
 * What an interpreter must know to offer one host tool as a Python function. Made by the agent
 * from its tools; an executor only executes `stub` and binds it to the wire.
 */
export interface ToolDeclaration {
  /** The name that a {@link ToolCallRequest} carries. */
  name: string;
  /**
   * The function's name in Python. Code may give it another meaning, which ends with the cell, and
   * the cell's output says so.
   */
  pythonName: string;
  /**
   * Python source that defines the types and the function: signature with type hints and
   * defaults, docstring, and `...` as body. It imports nothing but `typing`.
   */
  stub: string;
  /**
   * The parameters that make up the input object, in order. `"value"` when the input is not an
   * object with known properties: the function then has the single parameter `value`.
   */
  parameters: ToolParameter[] | "value";
}

/**
 * A value that crosses between Python and the host: JSON, and besides it `Uint8Array` for
 * `bytes`, and `NaN` and the infinities.
 */
export type WireValue =
  | string
  | number
  | boolean
  | null
  | Uint8Array
  | WireValue[]
  | { [key: string]: WireValue };

/** A call of a host tool by the code of a running cell. Nothing in it can be trusted. */
export interface ToolCallRequest {
  /** Unique within the interpreter. */
  id: string;
  name: string;
  /** The input as an object, or the single value when the declaration says `"value"`. */
  input: WireValue;
  /** Aborts when the cell ends, is interrupted or times out while the call is pending. */
  signal: AbortSignal;
  /**
   * Stops the cell's clock, for the time that a human or a sub-agent takes. Returns the function
   * that starts it again. Pauses may overlap; the clock runs when none is left.
   */
  pauseClock(): () => void;
}

/** How Python sees a failed call: which exception is raised, and its message. */
export interface ToolCallError {
  type: "ToolError" | "TypeError" | "ValueError";
  message: string;
}

/**
 * What a tool call gives back to Python. Failures are values; a handler that throws is a fault of
 * the host.
 */
export type ToolCallOutcome =
  | {
      ok: true;
      value: WireValue;
      /** End the cell at once with status `ok`, by an exception that no `except Exception` sees. */
      endCell?: boolean;
    }
  | { ok: false; error: ToolCallError };

/** Answers the tool calls of one `execute`. Calls from several Python threads overlap. */
export type ToolCallHandler = (request: ToolCallRequest) => Promise<ToolCallOutcome>;

/** A JSON Schema document. */
export type JsonSchema = JsonObject;
