/** What the host asks of the supervisor, after the plan that it sends first. */
export type SupervisorRequest =
  | { type: "start"; id: string; token: string }
  | { type: "branch"; id: string; token: string; source: string }
  | { type: "kill"; id: string };

/** The first message to a supervisor. */
export interface SupervisorPlan {
  /** Modules to import before anything is forked. */
  preload: readonly string[];
  /** Path of the socket on which to listen. */
  socket: string;
  /** The only process that may connect. */
  host: number;
}

/** What the supervisor says. */
export type SupervisorMessage =
  | { type: "importing"; module: string }
  | { type: "import-failed"; module: string; message: string }
  | { type: "listening" }
  | { type: "started"; id: string; pid: number }
  | { type: "refused"; id: string; message: string }
  | { type: "exited"; id: string; code: number };

/** @throws Error when the line is none of the messages. */
export function readSupervisorMessage(line: string): SupervisorMessage {
  const members = JSON.parse(line) as Record<string, unknown>;
  const text = (name: string): string => {
    const value = members[name];
    if (typeof value !== "string") throw new Error(`malformed member "${name}"`);
    return value;
  };
  const whole = (name: string): number => {
    const value = members[name];
    if (!Number.isSafeInteger(value)) throw new Error(`malformed member "${name}"`);
    return value as number;
  };
  switch (members["type"]) {
    case "importing":
      return { type: "importing", module: text("module") };
    case "import-failed":
      return { type: "import-failed", module: text("module"), message: text("message") };
    case "listening":
      return { type: "listening" };
    case "started":
      return { type: "started", id: text("id"), pid: whole("pid") };
    case "refused":
      return { type: "refused", id: text("id"), message: text("message") };
    case "exited":
      return { type: "exited", id: text("id"), code: whole("code") };
    default:
      throw new Error("unknown type");
  }
}
