import type { FormatName } from "../../suite/format.js";
import { percent } from "../wording.js";
import { escapeHtml } from "./escape.js";

/** A point: so many tokens, so much success. */
export interface ScatterPoint {
  label: string;
  format: FormatName;
  tokens: number;
  success: number;
  /** Drawn larger, and with its label beside it. */
  isTotal: boolean;
}

const width = 360;
const height = 240;
const edge = { left: 40, right: 16, top: 14, bottom: 34 };

/** Tokens of a task against success, as SVG in a figure. */
export function scatterChart(title: string, points: readonly ScatterPoint[]): string {
  const maximum = niceMaximum(Math.max(...points.map(({ tokens }) => tokens)));
  const x = (tokens: number): number =>
    edge.left + (tokens / maximum) * (width - edge.left - edge.right);
  const y = (success: number): number =>
    height - edge.bottom - success * (height - edge.top - edge.bottom);
  const lines = [0, 0.25, 0.5, 0.75, 1].map(
    (share) =>
      `<path class="axis" d="M${edge.left} ${y(share)}H${width - edge.right}"/><text x="${edge.left - 6}" y="${y(share) + 4}" text-anchor="end" class="faint">${share * 100}</text>`,
  );
  const numbers = [0, 0.5, 1].map(
    (share) =>
      `<text x="${x(share * maximum)}" y="${height - edge.bottom + 16}" text-anchor="${share === 1 ? "end" : "middle"}" class="faint">${Math.round(share * maximum)}</text>`,
  );
  const drawn = points.map(({ label, format, tokens, success, isTotal }) => {
    const right = x(tokens) > width * 0.75;
    const text = isTotal
      ? `<text x="${x(tokens) + (right ? -11 : 11)}" y="${y(success) - 8}" text-anchor="${right ? "end" : "start"}">${escapeHtml(label)}</text>`
      : "";
    const what = escapeHtml(
      `${label}, ${format}: ${Math.round(tokens)} tokens, ${percent(success)}`,
    );
    return `<g><title>${what}</title><circle class="${format}" cx="${x(tokens).toFixed(1)}" cy="${y(success).toFixed(1)}" r="${isTotal ? 7 : 4}" opacity="${isTotal ? 1 : 0.55}"/>${text}</g>`;
  });
  const caption = `<text x="${width - edge.right}" y="${height - 2}" text-anchor="end" class="faint">tokens a task</text>`;
  return `<figure><figcaption>${escapeHtml(title)}</figcaption><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(title)}">${[...lines, ...numbers, ...drawn].join("")}${caption}</svg></figure>`;
}

/** A round number that is not below. */
function niceMaximum(value: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return [1, 2, 5, 10].map((factor) => factor * magnitude).find((nice) => nice >= value) ?? value;
}
