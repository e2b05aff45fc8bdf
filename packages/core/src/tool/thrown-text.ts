/**
 * What a thrown value says, in one text for the model: an error's name and message, without its
 * stack, which would tell of the host.
 */
export function thrownText(thrown: unknown): string {
  try {
    if (thrown instanceof Error || isErrorLike(thrown)) {
      const { name, message } = thrown;
      return message === "" ? name : `${name}: ${message}`;
    }
    return typeof thrown === "object" && thrown !== null
      ? "An object that is not an error was thrown."
      : String(thrown);
  } catch {
    // Getters and proxies may throw in turn.
    return "An unreadable value was thrown.";
  }
}

/** Errors of other realms are no instances of this one's class. */
function isErrorLike(value: unknown): value is Error {
  return (
    typeof value === "object" &&
    value !== null &&
    "name" in value &&
    typeof value.name === "string" &&
    "message" in value &&
    typeof value.message === "string"
  );
}
