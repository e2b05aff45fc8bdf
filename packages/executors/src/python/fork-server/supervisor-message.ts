/** What the host asks of the supervisor, after the plan that it sends first. */
export type SupervisorRequest =
  | { type: "start"; id: string; token: string; workspace: string }
  | { type: "branch"; id: string; token: string; source: string }
  | { type: "mount"; id: string; path: string }
  | { type: "kill"; id: string };

/** The first message to a supervisor. */
export interface SupervisorPlan {
  /** Modules to import before anything is forked. */
  preload: readonly string[];
  /** Path of the socket on which to listen. */
  socket: string;
  /** The only process that may connect. */
  host: number;
  /** How to confine sessions; without it nothing does. */
  sandbox: SandboxPlan | null;
}

/** What all confined sessions have in common. */
export interface SandboxPlan {
  /** Paths that can be read besides Python's own. */
  readable: readonly string[];
  /** Names of the environment variables that the supervisor may have. */
  variables: readonly string[];
  limits: { memory_bytes: number; processes: number; file_size_bytes: number };
  /** The workspace of all sessions, where they have the same; else each has a temporary one. */
  workspace: string | null;
  /** A directory where temporary ones are: tells whether they can be shown to a session. */
  probe: string;
}

/** What the supervisor says. */
export type SupervisorMessage =
  | { type: "importing"; module: string }
  | { type: "import-failed"; module: string; message: string }
  | { type: "sandbox-failed"; message: string }
  | { type: "listening"; isolation: readonly string[] }
  | { type: "started"; id: string; pid: number }
  | { type: "refused"; id: string; message: string }
  | { type: "mounted"; id: string; problem: string | undefined }
  | { type: "exited"; id: string; code: number | undefined };

/** @throws Error when the line is none of the messages. */
export function readSupervisorMessage(line: string): SupervisorMessage {
  const members = JSON.parse(line) as Record<string, unknown>;
  const text = (name: string): string => {
    const value = members[name];
    if (typeof value !== "string") throw new Error(`malformed member "${name}"`);
    return value;
  };
  const texts = (name: string): string[] => {
    const value = members[name];
    if (!Array.isArray(value) || !value.every((each) => typeof each === "string")) {
      throw new Error(`malformed member "${name}"`);
    }
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
    case "sandbox-failed":
      return { type: "sandbox-failed", message: text("message") };
    case "listening":
      return { type: "listening", isolation: texts("isolation") };
    case "started":
      return { type: "started", id: text("id"), pid: whole("pid") };
    case "refused":
      return { type: "refused", id: text("id"), message: text("message") };
    case "mounted": {
      const problem = members["problem"] === undefined ? undefined : text("problem");
      return { type: "mounted", id: text("id"), problem };
    }
    case "exited": {
      const code = members["code"] === null ? undefined : whole("code");
      return { type: "exited", id: text("id"), code };
    }
    default:
      throw new Error("unknown type");
  }
}
