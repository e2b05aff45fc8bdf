import type * as z from "zod/mini";
import { CodeActError } from "../errors/codeact-error.js";
import type { DurableEvent } from "../events/event.js";
import { trajectorySchemas } from "./schema.js";
import type { Trajectory } from "./trajectory.js";

/**
 * Writes a trajectory as JSON Lines: a header with the version, then one event a line.
 *
 * @example
 * ```ts
 * await writeFile("run.jsonl", trajectoryToJsonl(result.trajectory));
 * ```
 */
export function trajectoryToJsonl({ version, runId, events }: Trajectory): string {
  const header = { format: "codeact-trajectory", version, runId };
  return [header, ...events].map((line) => `${JSON.stringify(line)}\n`).join("");
}

/**
 * Reads what {@link trajectoryToJsonl} wrote. A last line that was cut off in writing is an error
 * like any other: what is returned is the whole run.
 *
 * @throws `CodeActError` with code `invalid-trajectory` that names the line and what is wrong.
 */
export function trajectoryFromJsonl(text: string): Trajectory {
  const schemas = trajectorySchemas();
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  const [first = "", ...rest] = lines;
  const { version, runId } = parseLine(first, 1, schemas.header);
  const events = rest.map(
    // The schema is as wide as the type, and keeps unknown members.
    (line, index) => parseLine(line, index + 2, schemas.event) as DurableEvent,
  );
  return { version, runId, events };
}

function parseLine<TSchema extends z.ZodMiniType>(
  line: string,
  number: number,
  schema: TSchema,
): z.output<TSchema> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new CodeActError("invalid-trajectory", `Line ${number} of the trajectory is not JSON.`, {
      cause,
    });
  }
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  const where = issue?.path.length ? ` at ${issue.path.join(".")}` : "";
  throw new CodeActError(
    "invalid-trajectory",
    `Line ${number} of the trajectory does not have the known form${where}: ${issue?.message ?? ""}`,
    { cause: checked.error },
  );
}
