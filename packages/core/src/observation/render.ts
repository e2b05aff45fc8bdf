import type { ExecutionResult } from "../executor/execution-result.js";
import type { ToolCallOutcome } from "../executor/tool-call.js";
import type { ImagePart } from "../model/message.js";
import { toJsonSafe } from "../tool/wire-value.js";
import { cleanText } from "./clean-text.js";
import { showDisplay } from "./display.js";
import { truncateMiddle } from "./truncate-middle.js";
import { wording } from "./wording.js";

/** What the model is shown of an action's outcome. */
export interface RenderedObservation {
  text: string;
  /** The images that the text mentions as `[image 1]`, `[image 2]` … */
  images: ImagePart[];
}

/** How an outcome is rendered. */
export interface RenderOptions {
  /** The text is cut in its middle to this many characters. */
  maxCharacters: number;
}

/**
 * Renders the outcome of a cell: its output in order, then the traceback, then what happened to
 * the cell and to the variables. The last part is never cut.
 */
export function renderExecution(
  result: ExecutionResult,
  { maxCharacters, timeoutMs }: RenderOptions & { timeoutMs?: number },
): RenderedObservation {
  const { text: output, images } = renderOutputs(result);
  const traceback = cleanText(result.error?.traceback ?? "");
  const notes = describeEnd(result, timeoutMs);
  if (output === "" && traceback === "" && notes.length === 0) notes.push(wording.noOutput);
  const end = notes.join("\n");
  const room = Math.max(0, maxCharacters - end.length - 1);
  const body = truncateMiddle(joinLines(output, traceback), room);
  return { text: joinLines(body, end), images };
}

/** Renders the outcome of a single tool call, as the JSON and text formats make it. */
export function renderToolOutcome(
  outcome: ToolCallOutcome,
  { maxCharacters }: RenderOptions,
): RenderedObservation {
  const text = outcome.ok
    ? renderValue(outcome.value)
    : `${outcome.error.type}: ${outcome.error.message}`;
  return { text: truncateMiddle(cleanText(text), maxCharacters), images: [] };
}

function renderValue(value: Extract<ToolCallOutcome, { ok: true }>["value"]): string {
  if (value === null || value === "") return wording.noResult;
  if (value instanceof Uint8Array) return wording.bytes(value.length);
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? value : JSON.stringify(toJsonSafe(value));
}

function renderOutputs({ outputs, droppedBytes }: ExecutionResult): RenderedObservation {
  const images: ImagePart[] = [];
  const shown: string[] = [];
  let stream: string[] = [];
  // A stream is cleaned as a whole: a progress bar comes in many pieces.
  const endStream = () => {
    shown.push(cleanText(stream.join("")));
    stream = [];
  };
  for (const output of outputs) {
    if (output.type === "text") {
      stream.push(output.text);
      continue;
    }
    endStream();
    const display = showDisplay(output.data);
    if (display.type === "image") images.push(display.image);
    shown.push(display.type === "image" ? wording.image(images.length) : cleanText(display.text));
  }
  endStream();
  if (droppedBytes > 0) shown.push(wording.dropped(droppedBytes));
  const text = joinLines(...shown);
  return { text: text.trim() === "" ? "" : text.trimEnd(), images };
}

function describeEnd(
  { status, state, lostReason }: ExecutionResult,
  timeoutMs: number | undefined,
): string[] {
  const notes: string[] = [];
  if (status === "timeout") notes.push(wording.timeout(timeoutMs));
  if (status === "interrupted") notes.push(wording.interrupted);
  if (status === "crashed") notes.push(wording.crashed);
  if (state === "lost") notes.push(wording.lost(lostReason));
  else if (notes.length > 0) notes.push(wording.kept);
  return notes;
}

/** The texts, each on a line of its own; empty ones leave none. */
function joinLines(...texts: readonly string[]): string {
  return texts
    .filter((text) => text !== "")
    .map((text, index, all) =>
      text.endsWith("\n") || index === all.length - 1 ? text : `${text}\n`,
    )
    .join("");
}
