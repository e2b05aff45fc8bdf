import type { Span } from "./reasoning.js";

/** A block of code in a model's message, with its tags or fences. */
export interface CodeBlock extends Span {
  bodyStart: number;
  bodyEnd: number;
  /**
   * How the block ends: by its closing tag or fence; without one, but before something that
   * cannot belong to it; or only where the text ends.
   */
  ending: "closed" | "implied" | "end-of-text";
  /** Whether the message is HTML-escaped, so that the code must be unescaped. */
  escaped: boolean;
  /** What a fence says of its content; tags always hold Python. */
  language: "python" | "unnamed";
}

/** What a scanner found in a message, in the order of the text. */
export interface MessageScan {
  /** Reasoning that came within the text, with its tags. */
  reasoning: Span[];
  blocks: CodeBlock[];
  /** Whether there is a closing tag that closes nothing. */
  hasStrayClosing: boolean;
}

/** Notes a closing tag whose opening tag was in the prompt: all before it is reasoning. */
export function discardAsReasoning(scan: MessageScan, end: number): void {
  scan.blocks = [];
  scan.reasoning = [{ start: 0, end }];
  scan.hasStrayClosing = false;
}
