/** Every sentence that an observation may hold besides the output itself, in one place. */
export const wording = {
  noOutput: "(no output) The code ran. Use print() to see a value.",
  noResult: "(no result)",
  image: (number: number) => `[image ${number}]`,
  notShown: (mimeTypes: readonly string[]) =>
    `[display of type ${mimeTypes.join(", ")}, not shown]`,
  dropped: (bytes: number) => `[${bytes} more bytes of output were thrown away: print less]`,
  cut: (characters: number, lines: number) =>
    `[... ${characters} characters${lines > 1 ? `, ${lines} lines,` : ""} cut here ...]`,
  timeout: (timeoutMs: number | undefined) =>
    timeoutMs === undefined
      ? "The code was stopped: it took too long."
      : `The code was stopped: it took longer than ${timeoutMs / 1000} seconds.`,
  interrupted: "The code was interrupted before it ended.",
  crashed: "The Python process ended while the code ran.",
  lost: (reason: string | undefined) =>
    `The interpreter was restarted${reason === undefined ? "" : ` (${reason})`}: variables, imports and functions are gone.`,
  kept: "Variables, imports and functions from before are still there.",
  bytes: (length: number) => `[${length} bytes]`,
} as const;
