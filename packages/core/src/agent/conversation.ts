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

/**
 * The messages of a session. It remembers which are tasks, so that their images stay when those
 * of observations are dropped from requests.
 */
export class Conversation {
  #messages: Message[] = [];
  readonly #tasks = new WeakSet<Message>();

  get messages(): readonly Message[] {
    return this.#messages;
  }

  /** Replaces everything, for a new session or a restored one. */
  replace(messages: readonly Message[]): void {
    this.#messages = [...messages];
  }

  /** Sets the system message, which is always the first. */
  setInstructions(text: string): void {
    const rest = this.#messages[0]?.role === "system" ? this.#messages.slice(1) : this.#messages;
    this.#messages = [{ role: "system", content: [{ type: "text", text }] }, ...rest];
  }

  addTask(message: UserMessage): void {
    this.#tasks.add(message);
    this.#messages.push(message);
  }

  add(...messages: readonly Message[]): void {
    this.#messages.push(...messages);
  }

  /**
   * The messages as a request carries them: neighbouring user messages joined, since many chat
   * templates demand alternating roles, and images that no longer matter as placeholders.
   */
  request(options: RequestOptions): Message[] {
    return joinUserMessages(this.#withoutOldImages(options));
  }

  #withoutOldImages({ images }: RequestOptions): Message[] {
    let left = images ? keptImages : 0;
    const keep = () => left-- > 0;
    const messages = [...this.#messages];
    for (let index = messages.length - 1; index >= 0; index--) {
      const message = messages[index] as Message;
      if (!images || !this.#tasks.has(message)) messages[index] = replaceImages(message, keep);
    }
    return messages;
  }
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
