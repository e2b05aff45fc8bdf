import { CodeActError } from "@codeact/core";

/**
 * The names in a path relative to the workspace.
 * @throws Error that says what is wrong with it.
 */
export function splitWorkspacePath(path: unknown): string[] {
  if (typeof path !== "string" || path.includes("\0")) throw new Error("it is not a path");
  const names = path.split("/").filter((name) => name !== "" && name !== ".");
  if (path.startsWith("/")) throw new Error("it must be relative to the workspace");
  if (names.includes("..")) throw new Error("it must not contain `..`");
  return names;
}

/** Runs a file operation; whatever goes wrong becomes an error with code `workspace-file`. */
export async function fileOperation<T>(
  verb: string,
  path: string,
  action: (names: string[]) => Promise<T>,
): Promise<T> {
  try {
    return await action(splitWorkspacePath(path));
  } catch (error) {
    if (CodeActError.isInstance(error) && error.code === "executor-closed") throw error;
    const { message } = error as Error;
    throw new CodeActError(
      "workspace-file",
      `Cannot ${verb} ${JSON.stringify(path)} in the workspace: ${message.replace(/\.$/, "")}.`,
      { cause: error },
    );
  }
}
