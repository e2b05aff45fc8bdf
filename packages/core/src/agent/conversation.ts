import type { Message, UserMessage } from "../model/message.js";
import { markAsTask } from "./request-messages.js";

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
    markAsTask(message);
    this.add(message);
  }

  add(...messages: readonly Message[]): void {
    this.replace([...this.#messages, ...messages]);
  }
}
