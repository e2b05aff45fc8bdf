import { encodeBase64 } from "../base64.js";
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

/** Writes the task's files and returns the message that opens the run. */
export async function openTask(
  task: TaskInput,
  interpreter: () => Promise<Interpreter> | undefined,
  notes: readonly string[],
): Promise<UserMessage> {
  const lines = [task.text, ...notes];
  const files = Object.entries(task.files ?? {});
  if (files.length > 0) {
    const workspace = (await interpreter())?.files;
    if (!workspace) {
      throw new CodeActError(
        "invalid-task",
        "The task has files, but this agent's action format uses no interpreter to put them in. " +
          "Use codeFormat() or nativeToolFormat() with an executor.",
      );
    }
    for (const [path, data] of files) await workspace.write(path, data);
    lines.push(`Files in the working directory: ${files.map(([path]) => path).join(", ")}`);
  }
  return {
    role: "user",
    content: [
      { type: "text", text: lines.join("\n\n") },
      ...(task.images ?? []).map((image) => ({
        type: "image" as const,
        mediaType: image.mediaType,
        data: typeof image.data === "string" ? image.data : encodeBase64(image.data),
      })),
    ],
  };
}
