import { toBase64 } from "../base64.js";
import { CodeActError } from "../errors/codeact-error.js";
import type { Interpreter } from "../executor/executor.js";
import type { UserMessage } from "../model/message.js";

/** An image of a task. */
export interface TaskImage {
  /** For example `image/png`. */
  mediaType: string;
  /** The bytes, or these in base64 (no `data:` URL). */
  data: Uint8Array | string;
}

/** What a run is to do: text, and what belongs to it. */
export interface TaskInput {
  text: string;
  /** Shown to the model with the text. */
  images?: readonly TaskImage[];
  /** Written into the interpreter's workspace before the first step, by path. */
  files?: Readonly<Record<string, Uint8Array | string>>;
}

/** What a run is to do. */
export type Task = string | TaskInput;

/**
 * The task in one form, checked.
 * @throws `CodeActError` with code `invalid-task`.
 */
export function resolveTask(task: Task): TaskInput {
  const input = typeof task === "string" ? { text: task } : task;
  if (typeof input?.text !== "string" || input.text.trim() === "") {
    throw invalid("The task is empty. Say in words what is to be done.");
  }
  checkImages(input.images ?? []);
  checkFiles(input.files ?? {});
  return input;
}

function checkImages(images: readonly TaskImage[]): void {
  if (!Array.isArray(images)) throw invalid("The images of a task must be an array.");
  for (const [index, image] of (images as readonly TaskImage[]).entries()) {
    const name = `Image ${index} of the task`;
    if (typeof image !== "object" || image === null) {
      throw invalid(`${name} must be an object: { mediaType: "image/png", data }.`);
    }
    const { mediaType, data } = image;
    if (typeof mediaType !== "string" || !mediaType.startsWith("image/")) {
      throw invalid(`${name} needs a mediaType such as "image/png", not ${String(mediaType)}.`);
    }
    const isText = typeof data === "string";
    if (!isText && !(data instanceof Uint8Array)) {
      throw invalid(`The data of ${name} must be bytes (Uint8Array), or these in base64.`);
    }
    if (data.length === 0) throw invalid(`${name} is empty.`);
    if (isText && !/^[A-Za-z0-9+/]+={0,2}$/.test(data)) {
      throw invalid(`The data of ${name} must be plain base64, not a URL or path. Read the bytes.`);
    }
  }
}

function checkFiles(files: Readonly<Record<string, Uint8Array | string>>): void {
  if (typeof files !== "object" || Array.isArray(files) || files instanceof Map) {
    throw invalid('The files of a task must be an object by path: { "data.csv": bytes }.');
  }
  for (const [path, data] of Object.entries(files)) {
    if (path === "") throw invalid("A file of the task has no path.");
    if (typeof data === "string" || data instanceof Uint8Array) continue;
    throw invalid(`The file "${path}" of the task must be text or bytes (Uint8Array).`);
  }
}

function invalid(message: string): CodeActError {
  return new CodeActError("invalid-task", message);
}

/** The message that opens the run. */
export function taskMessage(task: TaskInput, notes: readonly string[]): UserMessage {
  const paths = Object.keys(task.files ?? {});
  const lines = [...notes, task.text];
  if (paths.length > 0) lines.push(`Files in the working directory: ${paths.join(", ")}`);
  return {
    role: "user",
    content: [
      { type: "text", text: lines.join("\n\n") },
      ...(task.images ?? []).map((image) => ({
        type: "image" as const,
        mediaType: image.mediaType,
        data: typeof image.data === "string" ? image.data : toBase64(image.data),
      })),
    ],
  };
}

/** Writes the task's files into the workspace. */
export async function writeTaskFiles(task: TaskInput, interpreter: Interpreter): Promise<void> {
  for (const [path, data] of Object.entries(task.files ?? {})) {
    await interpreter.files.write(path, data);
  }
}
