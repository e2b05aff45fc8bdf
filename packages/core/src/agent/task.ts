import { toBase64 } from "../base64.js";
import { CodeActError } from "../errors/codeact-error.js";
import type { Interpreter } from "../executor/executor.js";
import type { UserMessage } from "../model/message.js";

/** An image of a task. */
export interface TaskImage {
  /** For example `image/png`. */
  mediaType: string;
  /** The bytes, or these in base64. */
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

/** The task in one form, checked. */
export function resolveTask(task: Task): TaskInput {
  const input = typeof task === "string" ? { text: task } : task;
  if (typeof input?.text !== "string" || input.text.trim() === "") {
    throw new CodeActError("invalid-task", "The task is empty. Say in words what is to be done.");
  }
  return input;
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
