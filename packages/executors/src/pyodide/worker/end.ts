const maxReasonCharacters = 500;

/** Says in a few words how Python ended, from what it threw. */
export function describeEnd(error: unknown): string {
  if (typeof error !== "object" || error === null) return "it failed";
  const { name, message, status } = error as {
    name?: unknown;
    message?: unknown;
    status?: unknown;
  };
  if (typeof status === "number") return `exit status ${status}`;
  const text = typeof message === "string" ? message.trim() : "";
  const last = text.slice(text.lastIndexOf("\n") + 1);
  if (name === "RangeError" && last.includes("call stack")) return "the C stack overflowed";
  if (last.includes("Aborted(") || last === "unreachable") return "it aborted";
  return `Python failed: ${last.slice(0, maxReasonCharacters)}`;
}
