import { CodeActError } from "@codeact/core";
import { z } from "zod";
import { type Conversation, conversationSchema } from "./conversation.js";

/**
 * How a data set is written.
 * - `codeact`: JSON Lines as CodeActInstruct, `{id, conversations: [{role, content}]}`
 * - `chatml`: text, one conversation after the other between `<|im_start|>` and `<|im_end|>`
 * - `openai`: JSON Lines for OpenAI's fine-tuning, `{messages: [{role, content}]}`
 * - `sharegpt`: JSON Lines, `{id, conversations: [{from, value}]}`
 */
export type DataSetForm = "codeact" | "chatml" | "openai" | "sharegpt";

type Messages = Conversation["conversations"];

const shareGptNames = { system: "system", user: "human", assistant: "gpt" } as const;
const roles = { system: "system", human: "user", gpt: "assistant" } as const;

/**
 * Writes conversations.
 * @throws `CodeActError` with code `invalid-option` when two have one id, or a message has ChatML's
 * own marks where it is written in these
 */
export function writeDataSet(conversations: readonly Conversation[], form: DataSetForm): string {
  requireUniqueIds(conversations);
  return conversations.map((conversation) => `${writers[form](conversation)}\n`).join("");
}

const writers: Record<DataSetForm, (conversation: Conversation) => string> = {
  codeact: ({ id, conversations }) => JSON.stringify({ id, conversations }),
  chatml: ({ id, conversations }) => `${writeChatml(id, conversations)}\n`,
  openai: ({ conversations }) => JSON.stringify({ messages: conversations }),
  sharegpt: ({ id, conversations }) =>
    JSON.stringify({
      id,
      conversations: conversations.map(({ role, content }) => ({
        from: shareGptNames[role],
        value: content,
      })),
    }),
};

const chatmlMark = /<\|im_(?:start|end)\|>/;

/** Whether a form can hold a conversation: ChatML cannot say its own marks. */
export function canWrite({ conversations }: Conversation, form: DataSetForm): boolean {
  return form !== "chatml" || !conversations.some(({ content }) => chatmlMark.test(content));
}

function writeChatml(id: string, messages: Messages): string {
  return messages
    .map(({ role, content }) => {
      if (!chatmlMark.test(content)) return `<|im_start|>${role}\n${content}<|im_end|>`;
      throw new CodeActError(
        "invalid-option",
        `The conversation "${id}" has one of ChatML's own marks in a message. Leave it out, or write another form.`,
      );
    })
    .join("\n");
}

/**
 * Reads what {@link writeDataSet} wrote, and validates it. `chatml` and `openai` have no ids: theirs
 * are numbers from 1.
 *
 * @throws `CodeActError` with code `invalid-option` that says which conversation is wrong, and how, or
 * which id two have
 */
export function readDataSet(text: string, form: DataSetForm): Conversation[] {
  const pieces = form === "chatml" ? text.split("\n\n<|im_start|>") : text.split("\n");
  const read = pieces
    .filter((piece) => piece.trim() !== "")
    .map((piece, index) => {
      const number = index + 1;
      try {
        return conversationSchema.parse(readers[form](piece, String(number)));
      } catch (cause) {
        const why = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
        throw new CodeActError(
          "invalid-option",
          `Conversation ${number} of the data set is not of the form ${form}: ${why}`,
          { cause },
        );
      }
    });
  requireUniqueIds(read);
  return read;
}

function requireUniqueIds(conversations: readonly Conversation[]): void {
  const ids = new Set<string>();
  for (const { id } of conversations) {
    if (ids.has(id)) {
      throw new CodeActError(
        "invalid-option",
        `Two conversations of the data set have the id "${id}".`,
      );
    }
    ids.add(id);
  }
}

const readers: Record<DataSetForm, (piece: string, id: string) => unknown> = {
  codeact: (line) => JSON.parse(line),
  chatml: (piece, id) => ({ id, conversations: readChatml(piece) }),
  openai: (line, id) => {
    const { messages } = z.object({ messages: z.unknown() }).parse(JSON.parse(line));
    return { id, conversations: messages };
  },
  sharegpt: (line) => {
    const { id, conversations } = shareGptSchema.parse(JSON.parse(line));
    return {
      id,
      conversations: conversations.map(({ from, value }) => ({
        role: roles[from],
        content: value,
      })),
    };
  },
};

const shareGptSchema = z.object({
  id: z.string(),
  conversations: z.array(z.object({ from: z.enum(["system", "human", "gpt"]), value: z.string() })),
});

function readChatml(piece: string): { role: string; content: string }[] {
  const whole = piece.startsWith("<|im_start|>") ? piece : `<|im_start|>${piece}`;
  return whole
    .split("<|im_start|>")
    .slice(1)
    .map((message) => {
      const match = /^(\w+)\n([^]*)<\|im_end\|>\s*$/.exec(message);
      if (match === null) throw new SyntaxError("a message does not end with <|im_end|>");
      return { role: match[1] ?? "", content: match[2] ?? "" };
    });
}
