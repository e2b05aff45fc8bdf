/**
 * Text as a terminal would leave it: without escape sequences, with progress bars in their last
 * state, and without characters that a request to a model cannot carry.
 */
export function cleanText(text: string): string {
  return lastStates(text.replace(escapeSequences, "")).replace(unusable, "\ufffd");
}

const escapeSequences = new RegExp(
  [
    // CSI: colours, cursor movements.
    String.raw`(?:\u001b\[|\u009b)[0-?]{0,64}[ -/]{0,8}[@-~]`,
    // OSC: titles, links; ended by BEL or ST.
    String.raw`\u001b\][^\u0007\u001b\n]{0,4096}(?:\u0007|\u001b\\)`,
    // Other two-character sequences, and character sets.
    String.raw`\u001b[()*+][0-9A-B]`,
    String.raw`\u001b[@-Z\\-_a-z0-9=>]`,
    String.raw`\u001b`,
  ].join("|"),
  "g",
);

/** Control characters besides tab and newline, and halves of surrogate pairs. */
const unusable =
  // oxlint-disable-next-line no-control-regex -- they are what this removes
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Resolves carriage returns: what was written last onto a line is what stays of it. */
function lastStates(text: string): string {
  if (!text.includes("\r")) return text;
  return text
    .split("\n")
    .map((line) => {
      if (!line.includes("\r")) return line;
      const states = line.split("\r").filter((state) => state !== "");
      return states.at(-1) ?? "";
    })
    .join("\n");
}
