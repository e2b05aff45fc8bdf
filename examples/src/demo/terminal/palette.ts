/** A style of the terminal: wraps text in its escape codes, or leaves it alone. */
export type Style = (text: string) => string;

/** The styles that the demo uses. */
export type Palette = Record<
  "bold" | "dim" | "red" | "green" | "yellow" | "blue" | "magenta" | "cyan",
  Style
>;

const codes: Record<keyof Palette, [open: number, close: number]> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
};

/** Styles for a terminal with colours, or styles that change nothing. */
export function createPalette(colours: boolean): Palette {
  const entries = Object.entries(codes).map(([name, [open, close]]): [string, Style] => [
    name,
    (text) => (colours && text !== "" ? `\u001b[${open}m${text}\u001b[${close}m` : text),
  ]);
  return Object.fromEntries(entries) as Palette;
}

/** Whether colours are wanted: https://no-color.org, https://force-color.org, else a terminal. */
export function wantsColours(stream: { isTTY?: boolean }, env = process.env): boolean {
  if (env["NO_COLOR"]) return false;
  if (env["FORCE_COLOR"]) return env["FORCE_COLOR"] !== "0";
  return stream.isTTY === true && env["TERM"] !== "dumb";
}
