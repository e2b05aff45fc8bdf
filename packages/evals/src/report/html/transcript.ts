import { type DurableEvent, type ImagePart, type Message, messageText } from "@codeact/core";
import type { AttemptRecord } from "../../run/attempt-record.js";
import { escapeHtml } from "./escape.js";

/** A whole attempt, to be opened. */
export function transcript(attempt: AttemptRecord, anchor: string): string {
  const { format, repeat, success, status, turns, answer, expected, trajectory } = attempt;
  const mark = success ? '<span class="good">✓</span>' : '<span class="bad">✗</span>';
  const ending = status === "answered" ? "" : `, ${escapeHtml(status)}`;
  const values = [
    ...(answer === undefined ? [] : [`answer <code>${escapeHtml(JSON.stringify(answer))}</code>`]),
    ...(success || expected === undefined
      ? []
      : [`expected <code>${escapeHtml(JSON.stringify(expected))}</code>`]),
  ];
  const codes = nativeCodes(trajectory.events);
  const shown = trajectory.events.map((event) => showEvent(event, codes));
  return `<details class="attempt"><summary>${mark} ${format}${repeat > 1 ? `, repeat ${repeat}` : ""}: ${turns} ${turns === 1 ? "turn" : "turns"}${ending}${values.map((value) => `, ${value}`).join("")}</summary><div id="${anchor}">${shown.join("")}</div></details>\n`;
}

/** What native tool calls carried, by their ids: the call itself has the code as a JSON string. */
function nativeCodes(events: readonly DurableEvent[]): ReadonlyMap<string, string> {
  const codes = new Map<string, string>();
  for (const event of events) {
    if (event.type !== "action" || event.action.type !== "code") continue;
    const { toolCallId, code } = event.action;
    if (toolCallId !== undefined) codes.set(toolCallId, code);
  }
  return codes;
}

function showEvent(event: DurableEvent, codes: ReadonlyMap<string, string>): string {
  switch (event.type) {
    case "start":
      return event.messages.map(showOpening).join("");
    case "message": {
      const heading = `${event.depth > 0 ? "Sub-agent, step" : "Step"} ${event.step}`;
      return `<div class="step"><h4>${heading}</h4>${showMessage(event.message, codes)}</div>`;
    }
    case "tool-call":
      return line(`called ${event.name}(${JSON.stringify(event.input)})`);
    case "tool-result":
      return line(
        event.error
          ? `${event.name} failed: ${event.error.message}`
          : `${event.name} gave ${JSON.stringify(event.value)}`,
      );
    case "observation": {
      const kind = event.status === "ok" ? "output" : "failed";
      return block(kind, event.text) + event.images.map(showImage).join("");
    }
    case "error":
      return block("failed", event.error.message);
    case "action":
    case "approval-request":
    case "approval-result":
    case "finish":
    case "step-finish":
    case "step-start":
      return "";
    default:
      throw new TypeError(`Unknown event: ${JSON.stringify(event satisfies never)}`);
  }
}

function showMessage(message: Message, codes: ReadonlyMap<string, string>): string {
  const thoughts = message.content.flatMap((part) =>
    part.type === "reasoning" ? [part.text] : [],
  );
  const calls = message.content.flatMap((part) =>
    part.type === "tool-call"
      ? [codes.get(part.toolCallId) ?? `${part.name}(${part.arguments})`]
      : [],
  );
  const said = [messageText(message), ...calls].filter((text) => text !== "").join("\n");
  return folded("Reasoning", thoughts.join("\n")) + block("action", said);
}

function showOpening(message: Message): string {
  const text = messageText(message);
  if (message.role === "system") {
    return folded("Instructions", text);
  }
  const images = message.content.flatMap((part) =>
    part.type === "image" ? [showImage(part)] : [],
  );
  return `<p class="said">${escapeHtml(text)}</p>${images.join("")}`;
}

function folded(title: string, text: string): string {
  if (text === "") return "";
  return `<details><summary class="faint">${title}</summary>${block("output", text)}</details>`;
}

function block(kind: "action" | "output" | "failed", text: string): string {
  return text === "" ? "" : `<pre class="${kind}">${escapeHtml(text)}</pre>`;
}

function line(text: string): string {
  const maximum = 400;
  const shown = text.length > maximum ? `${text.slice(0, maximum)}…` : text;
  return `<div class="faint"><small>${escapeHtml(shown)}</small></div>`;
}

/** Pictures only: an SVG could ask for more. */
function showImage({ mediaType, data }: ImagePart): string {
  if (!/^image\/(?:png|jpeg|gif|webp)$/.test(mediaType) || !/^[A-Za-z0-9+/=]*$/.test(data)) {
    return line(`an image of type ${mediaType}`);
  }
  return `<img alt="what the code displayed" src="data:${mediaType};base64,${data}">`;
}
