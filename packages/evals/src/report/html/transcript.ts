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
  return `<details class="attempt"><summary>${mark} ${format}${repeat > 1 ? `, repeat ${repeat}` : ""}: ${turns} ${turns === 1 ? "turn" : "turns"}${ending}${values.map((value) => `, ${value}`).join("")}</summary><div id="${anchor}">${trajectory.events.map(showEvent).join("")}</div></details>\n`;
}

function showEvent(event: DurableEvent): string {
  switch (event.type) {
    case "start":
      return event.messages.map(showOpening).join("");
    case "message": {
      const said = messageText(event.message);
      const calls = event.message.content.flatMap((part) =>
        part.type === "tool-call" ? [`${part.name}(${part.arguments})`] : [],
      );
      const heading = `${event.depth > 0 ? "Sub-agent, step" : "Step"} ${event.step}`;
      return `<div class="step"><h4>${heading}</h4>${block("action", [said, ...calls].filter((text) => text !== "").join("\n"))}</div>`;
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

function showOpening(message: Message): string {
  const text = messageText(message);
  if (message.role === "system") {
    return `<details><summary class="faint">Instructions</summary>${block("output", text)}</details>`;
  }
  const images = message.content.flatMap((part) =>
    part.type === "image" ? [showImage(part)] : [],
  );
  return `<p class="said">${escapeHtml(text)}</p>${images.join("")}`;
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
