import { codeOf } from "./code-text.js";
import type { MessageEnd, ParsedInvalid, ParsedMessage } from "./contract.js";
import { scanFences } from "./fence-scanner.js";
import { hintFor, type Hints, mayBeCut } from "./hints.js";
import { beginsAsObservation, inventsObservation } from "./invented-observation.js";
import type { CodeBlock, MessageScan } from "./message-scan.js";
import { reasoningIn, withoutReasoningTags, withoutSpans } from "./reasoning.js";
import { scanTags } from "./tag-scanner.js";

/** How a message is read. */
export interface CodeMessageOptions {
  /** Whether a fence counts as a block where the message has no tags. */
  fencesCount: boolean;
  hints: Hints;
}

/** Reads a message whose actions are blocks of code in its text. */
export function parseCodeMessage(
  text: string,
  { finishReason }: Pick<MessageEnd, "finishReason">,
  options: CodeMessageOptions,
): ParsedMessage {
  const scan = scanBlocks(text, options);
  const runnable = chooseBlocks(text, scan.blocks, mayBeCut(finishReason));
  if (runnable.length > 0) {
    return {
      type: "action",
      actions: [{ type: "code", code: runnable.map(({ code }) => code).join("\n") }],
      thought: thoughtAround(text, runnable),
      text: historyText(text, runnable),
    };
  }
  const prose = withoutSpans(text, scan.reasoning).trim();
  const reason = reasonAgainst(prose, finishReason, scan);
  if (reason === undefined) {
    const thought = reasoningIn(text, scan.reasoning);
    return { type: "answer", answer: prose, thought, text: text.trim() };
  }
  return {
    type: "invalid",
    reason,
    hint: hintFor(reason, options.hints),
    thought: withoutReasoningTags(text).trim(),
    // What the model reads of its own inventions it repeats.
    text: reason === "invented-observation" ? "" : text.trim(),
  };
}

/** Whether a message has a block in tags. */
export function usesTags(text: string): boolean {
  // The first test is cheap, and this is asked of every message of a conversation.
  return /execute/i.test(text) && scanTags(text).blocks.length > 0;
}

function scanBlocks(text: string, { fencesCount }: CodeMessageOptions): MessageScan {
  const tagged = scanTags(text);
  // A closing tag without an opening one shows that the fence before it is meant to run.
  if (tagged.blocks.length > 0 || !(fencesCount || tagged.hasStrayClosing)) return tagged;
  const fenced = scanFences(text);
  const named = fenced.blocks.filter((block) => block.language === "python");
  const blocks =
    named.length > 0 ? named : fenced.blocks.filter((block) => looksRunnable(codeOf(text, block)));
  return blocks.length > 0 ? { ...fenced, blocks } : tagged;
}

/** Whether the content of a fence that names no language is more than data or a shell session. */
function looksRunnable(code: string): boolean {
  if (/^(?:\$ |<|>>> )/.test(code)) return false;
  if (!/^(?:[[{"\d-]|true$|false$|null$)/.test(code)) return true;
  try {
    JSON.parse(code);
    return false;
  } catch {
    return true;
  }
}

interface RunnableBlock {
  block: CodeBlock;
  code: string;
}

/** The blocks to run: up to an invented observation, without empty ones and one that was cut. */
function chooseBlocks(text: string, blocks: readonly CodeBlock[], isCut: boolean): RunnableBlock[] {
  const runnable: RunnableBlock[] = [];
  for (const block of blocks) {
    const previous = runnable.at(-1);
    const gap = previous === undefined ? "" : text.slice(previous.block.end, block.start);
    if (inventsObservation(gap) || (isCut && block.ending === "end-of-text")) break;
    const code = codeOf(text, block);
    if (code !== "") runnable.push({ block, code });
  }
  return runnable;
}

function reasonAgainst(
  prose: string,
  finishReason: MessageEnd["finishReason"],
  { blocks, hasStrayClosing }: MessageScan,
): Exclude<ParsedInvalid["reason"], "unknown-tool"> | undefined {
  if (finishReason === "content-filter") return "content-filter";
  if (finishReason === "length" || finishReason === "error") return "truncated";
  if (blocks.length > 0 || hasStrayClosing) return "malformed";
  if (beginsAsObservation(prose)) return "invented-observation";
  return prose === "" ? "empty" : undefined;
}

function thoughtAround(text: string, runnable: readonly RunnableBlock[]): string {
  const last = runnable.at(-1)?.block.end;
  const prose = withoutSpans(
    text.slice(0, last),
    runnable.map(({ block }) => block),
  );
  return withoutReasoningTags(prose).trim();
}

/** The message up to the end of its last block, with every block closed. */
function historyText(text: string, runnable: readonly RunnableBlock[]): string {
  let kept = "";
  let position = 0;
  for (const { block } of runnable) {
    const fence = /^(?:`+|~+)/.exec(text.slice(block.start, block.bodyStart))?.[0];
    const closing = fence ?? "</execute>";
    if (block.ending !== "closed") {
      const body = text.slice(block.bodyStart, block.bodyEnd).trimEnd();
      kept += text.slice(position, block.bodyStart) + body;
      kept += body.includes("\n") ? `\n${closing}\n` : `${closing}\n`;
    } else if (fence === undefined) {
      kept += text.slice(position, block.bodyEnd) + closing;
    } else {
      kept += text.slice(position, block.end);
    }
    position = block.end;
  }
  return kept.trim();
}
