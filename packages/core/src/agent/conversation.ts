import type {
  ImagePart,
  Message,
  TextPart,
  ToolResultPart,
  UserMessage,
} from "../model/message.js";

/** Observation images that stay in later requests; older ones become placeholders. */
const keptImages = 2;

/** What a conversation needs to know of the model to write a request. */
export interface RequestOptions {
  /** Whether the model understands images. */
  images: boolean;
}

/** Their images stay in requests when those of observations are dropped, also in branches. */
const tasks = new WeakSet<Message>();

/** The messages of a session. Each list of them that was handed out stays as it is. */
export class Conversation {
  #messages: readonly Message[] = Object.freeze([]);

  get messages(): readonly Message[] {
    return this.#messages;
  }

  /** Replaces everything, for a new session or a restored one. */
  replace(messages: readonly Message[]): void {
    this.#messages = Object.freeze([...messages]);
  }

  /** Sets the system message, which is always the first. */
  setInstructions(text: string): void {
    const rest = this.#messages[0]?.role === "system" ? this.#messages.slice(1) : this.#messages;
    this.replace([{ role: "system", content: [{ type: "text", text }] }, ...rest]);
  }

  addTask(message: UserMessage): void {
    tasks.add(message);
    this.add(message);
  }

  add(...messages: readonly Message[]): void {
    this.replace([...this.#messages, ...messages]);
  }

  /**
   * The messages as a request carries them: neighbouring user messages joined, since many chat
   * templates demand alternating roles, and images that no longer matter as placeholders.
   */
  request(options: RequestOptions): Message[] {
    return joinUserMessages(withoutOldImages(this.#messages, options));
  }
}

function withoutOldImages(given: readonly Message[], { images }: RequestOptions): Message[] {
  let left = images ? keptImages : 0;
  const keep = () => left-- > 0;
  const messages = [...given];
  for (let index = messages.length - 1; index >= 0; index--) {
    const message = messages[index] as Message;
    if (!images || !tasks.has(message)) messages[index] = replaceImages(message, keep);
  }
  return messages;
}

function replaceImages(message: Message, keep: () => boolean): Message {
  if (message.role === "user")
    return { role: "user", content: replaceParts(message.content, keep) };
  if (message.role !== "tool") return message;
  const results = [...message.content];
  for (let index = results.length - 1; index >= 0; index--) {
    const result = results[index] as ToolResultPart;
    results[index] = { ...result, content: replaceParts(result.content, keep) };
  }
  return { role: "tool", content: results };
}

/** Asks `keep` for the newest image first. */
function replaceParts(
  parts: readonly (TextPart | ImagePart)[],
  keep: () => boolean,
): (TextPart | ImagePart)[] {
  const replaced = [...parts];
  for (let index = replaced.length - 1; index >= 0; index--) {
    if (replaced[index]?.type === "image" && !keep()) replaced[index] = placeholder;
  }
  return replaced;
}

const placeholder: TextPart = { type: "text", text: "[image no longer shown]" };

function joinUserMessages(messages: readonly Message[]): Message[] {
  const joined: Message[] = [];
  for (const message of messages) {
    const last = joined.at(-1);
    if (message.role === "user" && last?.role === "user") {
      joined[joined.length - 1] = {
        role: "user",
        content: [...last.content, { type: "text", text: "\n\n" }, ...message.content],
      };
    } else {
      joined.push(message);
    }
  }
  return joined;
}
