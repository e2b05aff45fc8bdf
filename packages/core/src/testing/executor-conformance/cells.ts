import type { ExecutionResult } from "../../executor/execution-result.js";
import type { ExecuteOptions, Interpreter } from "../../executor/executor.js";
import type { DisplayOutput } from "../../executor/output.js";
import { check, checkEqual, checkIncludes, checkStatus } from "./assertions.js";
import type { ConformanceCase } from "./conformance-case.js";

/** Python source from its lines. */
export function lines(...source: string[]): string {
  return source.join("\n");
}

/** All text that a cell wrote, of both streams. */
export function printed(result: ExecutionResult): string {
  return result.outputs.map((output) => (output.type === "text" ? output.text : "")).join("");
}

/** The displays of a cell in order. */
export function displays(
  result: ExecutionResult,
  source?: DisplayOutput["source"],
): DisplayOutput[] {
  return result.outputs.filter(
    (output): output is DisplayOutput =>
      output.type === "display" && (source === undefined || output.source === source),
  );
}

/** `repr` of the value of the cell's last expression. */
export function shown(result: ExecutionResult): string | undefined {
  const plain = displays(result, "result").at(-1)?.data["text/plain"];
  return typeof plain === "string" ? plain : undefined;
}

/** `repr` of an expression's value; the cell must end well. */
export async function evaluate(
  interpreter: Interpreter,
  code: string,
  options: ExecuteOptions = {},
): Promise<string | undefined> {
  const result = await interpreter.execute(code, options);
  checkStatus(result, "ok");
  return shown(result);
}

/** Fails unless the interpreter runs cells, if need be after it has reported the loss of its state. */
export async function checkUsable(interpreter: Interpreter): Promise<void> {
  let result = await interpreter.execute("6 * 7");
  if (result.status === "crashed") result = await interpreter.execute("6 * 7");
  checkStatus(result, "ok");
  checkEqual(shown(result), "42", "a cell after it");
}

/** Sets a variable that tells later whether the namespace survived. */
export async function placeMarker(interpreter: Interpreter): Promise<void> {
  checkStatus(await interpreter.execute("survival_marker = 'here'"), "ok");
}

/** Fails unless what the result says about the state is what the next cell finds. */
export async function checkStateTruth(
  interpreter: Interpreter,
  result: ExecutionResult,
): Promise<void> {
  const found = await evaluate(interpreter, "'survival_marker' in globals()");
  checkEqual(found, result.state === "kept" ? "True" : "False", `${result.state} state, marker`);
  check(
    result.state === "kept" || Boolean(result.lostReason),
    "a lost state comes with a lostReason",
  );
}

/** What the last cell of a {@link cellCase} must do. Not mentioned: it must not matter. */
export interface CellExpectation {
  /** @defaultValue `"ok"` */
  status?: ExecutionResult["status"] | readonly ExecutionResult["status"][];
  /** @defaultValue `"kept"` */
  state?: ExecutionResult["state"];
  printed?: string;
  includes?: string | readonly string[];
  /** `null` for no result. */
  shown?: string | null;
  errorType?: string;
  errorIncludes?: string;
}

/** A case that runs cells in the shared interpreter; all but the last must end well. */
export function cellCase(
  name: string,
  cells: string | readonly string[],
  expectation: CellExpectation,
  options: ExecuteOptions = {},
): ConformanceCase {
  return {
    name,
    async run(context) {
      const sources = typeof cells === "string" ? [cells] : cells;
      for (const source of sources.slice(0, -1)) checkStatus(await context.run(source), "ok");
      checkResult(await context.run(sources.at(-1) ?? "", options), expectation);
      await checkUsable(await context.shared());
    },
  };
}

/** Checks a result against an expectation. */
export function checkResult(result: ExecutionResult, expectation: CellExpectation): void {
  const { status = "ok", state = "kept", includes = [] } = expectation;
  checkStatus(result, ...(typeof status === "string" ? [status] : status));
  checkEqual(result.state, state, "state");
  if (expectation.printed !== undefined) {
    checkEqual(printed(result), expectation.printed, "text output");
  }
  for (const part of typeof includes === "string" ? [includes] : includes) {
    checkIncludes(printed(result), part, "text output");
  }
  if (expectation.shown !== undefined) {
    checkEqual(shown(result), expectation.shown ?? undefined, "value of the last expression");
  }
  if (expectation.errorType !== undefined) {
    checkEqual(result.error?.type, expectation.errorType, "type of the error");
  }
  if (expectation.errorIncludes !== undefined) {
    checkIncludes(result.error?.message ?? "", expectation.errorIncludes, "message of the error");
  }
}
