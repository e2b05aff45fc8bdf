/** The marks between which a model thinks. */
export interface ReasoningMarks {
  begin: string;
  end: string;
  /** Whether its message begins inside a thought. */
  opened: boolean;
}

/** A piece of a model's message. */
export interface MessagePiece {
  type: "text" | "reasoning";
  text: string;
}

/** Tells a model's thoughts from what it says, by the marks around them, which are dropped. */
export class ReasoningSplitter {
  readonly #marks: ReasoningMarks | undefined;
  #type: MessagePiece["type"];
  #held = "";

  constructor(marks: ReasoningMarks | undefined) {
    this.#marks = marks;
    this.#type = marks?.opened ? "reasoning" : "text";
  }

  push(piece: string): MessagePiece[] {
    const pieces: MessagePiece[] = [];
    let text = this.#held + piece;
    for (let at = this.#find(text); at >= 0; at = this.#find(text)) {
      pieces.push({ type: this.#type, text: text.slice(0, at) });
      text = text.slice(at + this.#mark.length);
      this.#type = this.#type === "text" ? "reasoning" : "text";
    }
    const open = openLength(text, this.#mark);
    this.#held = text.slice(text.length - open);
    pieces.push({ type: this.#type, text: text.slice(0, text.length - open) });
    return pieces.filter((each) => each.text !== "");
  }

  /** What was held back, because nothing follows. */
  flush(): MessagePiece[] {
    const text = this.#held;
    this.#held = "";
    return text === "" ? [] : [{ type: this.#type, text }];
  }

  /** The mark that ends the present type. */
  get #mark(): string {
    if (!this.#marks) return "";
    return this.#type === "text" ? this.#marks.begin : this.#marks.end;
  }

  #find(text: string): number {
    return this.#mark === "" ? -1 : text.indexOf(this.#mark);
  }
}

/** How many characters at the end of `text` begin `mark`. */
function openLength(text: string, mark: string): number {
  for (let length = Math.min(mark.length - 1, text.length); length > 0; length--) {
    if (text.endsWith(mark.slice(0, length))) return length;
  }
  return 0;
}
