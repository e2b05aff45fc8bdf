import type { Estimate } from "../../statistics/bootstrap.js";
import type { FormatName } from "../../suite/format.js";
import { intervalOf } from "../wording.js";
import { escapeHtml } from "./escape.js";

/** A group of bars, one for each format. */
export interface BarGroup {
  label: string;
  bars: { format: FormatName; estimate: Estimate }[];
}

/** What a {@link barChart} shows. */
export interface BarChart {
  title: string;
  groups: readonly BarGroup[];
  /** The value at the right end. */
  maximum: number;
  show: (value: number) => string;
}

// Units of the drawing: as many as a phone has pixels, so that texts keep their size there.
const width = 360;
const labelHeight = 20;
const barHeight = 12;
const barGap = 3;
const groupGap = 10;
const valueWidth = 56;
const plotWidth = width - valueWidth;

/** Horizontal bars with whiskers for the intervals, as SVG in a figure. */
export function barChart({ title, groups, maximum, show }: BarChart): string {
  const at = (value: number): string =>
    ((Math.min(Math.max(value, 0), maximum) / maximum) * plotWidth).toFixed(1);
  let top = 0;
  const drawn = groups.map(({ label, bars }) => {
    const heading = `<text x="0" y="${top + 14}" class="faint">${escapeHtml(label)}</text>`;
    top += labelHeight;
    const rows = bars.map(({ format, estimate }) => {
      const { mean, interval } = estimate;
      const middle = top + barHeight / 2;
      const whisker = interval
        ? `M${at(interval.low)} ${middle}H${at(interval.high)}M${at(interval.low)} ${middle - 3}v6M${at(interval.high)} ${middle - 3}v6`
        : "";
      const row = [
        `<g><title>${escapeHtml(`${label}, ${format}: ${show(mean)} ${intervalOf(estimate, show)}`)}</title>`,
        `<rect class="${format}" x="0" y="${top}" width="${at(mean)}" height="${barHeight}" rx="2"/>`,
        // Dark on light and light on dark at once: it lies on the bar and beyond.
        `<path class="whisker-edge" d="${whisker}"/><path class="whisker" d="${whisker}"/>`,
        `<text x="${width}" y="${middle + 4.5}" text-anchor="end">${escapeHtml(show(mean))}</text></g>`,
      ].join("");
      top += barHeight + barGap;
      return row;
    });
    top += groupGap;
    return heading + rows.join("");
  });
  const axis = `<path class="axis" d="M0 0V${top}"/>`;
  return `<figure><figcaption>${escapeHtml(title)}</figcaption><svg viewBox="-1 0 ${width + 2} ${top}" role="img" aria-label="${escapeHtml(title)}">${axis}${drawn.join("")}</svg></figure>`;
}
