import type {
  ImagePart,
  Message,
  TextPart,
  ToolResultPart,
  UserMessage,
} from "../model/message.js";
import type { ModelCapabilities } from "../model/model.js";

/** Observation images that stay in later requests; older ones become placeholders. */
const keptImages = 2;

/** Messages whose images stay in requests when those of observations are dropped. */
const tasks = new WeakSet<Message>();

/** Marks a message as a task. Branches of a session share their messages, so it holds there too. */
export function markAsTask(message: UserMessage): void {
  tasks.add(message);
}

/**
 * A conversation as it is sent to a model that can do so much: images that no longer matter as
 * placeholders, those of tool results after them where the model takes none inside, and
 * neighbouring user messages joined, since many chat templates demand alternating roles.
 */
export function requestMessages(
  messages: readonly Message[],
  { images = false, toolResultImages = false }: ModelCapabilities = {},
): Message[] {
  const shown = withoutOldImages(messages, images);
  return joinUserMessages(toolResultImages ? shown : shown.flatMap(imagesAfterResults));
}

function withoutOldImages(given: readonly Message[], images: boolean): Message[] {
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
const label: TextPart = { type: "text", text: "The images of the results above, in order:" };

/** The results without their images, and these in a user message. */
function imagesAfterResults(message: Message): Message[] {
  if (message.role !== "tool") return [message];
  const images = message.content.flatMap(({ content }) => content.filter(isImage));
  if (images.length === 0) return [message];
  const results = message.content.map((result) => ({
    ...result,
    content: result.content.filter((part) => !isImage(part)),
  }));
  return [
    { role: "tool", content: results },
    { role: "user", content: [label, ...images] },
  ];
}

function isImage(part: TextPart | ImagePart): part is ImagePart {
  return part.type === "image";
}

function joinUserMessages(messages: readonly Message[]): Message[] {
  const joined: Message[] = [];
  for (const message of messages) {
    const last = joined.at(-1);
    if (message.role !== "user" || last?.role !== "user") {
      joined.push(message);
      continue;
    }
    const gap: TextPart[] =
      last.content.length > 0 && message.content.length > 0 ? [{ type: "text", text: "\n\n" }] : [];
    const content = [...last.content, ...gap, ...message.content];
    joined[joined.length - 1] = { role: "user", content };
  }
  return joined;
}
