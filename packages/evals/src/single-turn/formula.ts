/** Relative to the expected number: what rounding to the digits of a float leaves. */
const tolerance = 1e-9;

/**
 * Whether two formulas of LaTeX are the same answer: the same but for spaces, sizes of brackets,
 * units, text around them and ways to write a fraction, or the same number.
 */
export function isSameFormula(answer: string, expected: string): boolean {
  const [one, other] = [plainFormula(answer), plainFormula(expected)];
  if (one === other) return true;
  const [left, right] = [numberOf(one), numberOf(other)];
  if (left === undefined || right === undefined) return false;
  return Math.abs(left - right) <= tolerance * Math.max(1, Math.abs(right));
}

/** A formula without what does not change its meaning. */
function plainFormula(formula: string): string {
  return (
    formula
      .replaceAll(/\\(?:left|right|displaystyle|[,!;:> ])|\\?\$|~/g, "")
      .replaceAll("{,}", ",")
      .replaceAll(/\\[dt]frac/g, String.raw`\frac`)
      // A text after a number is its unit; a text alone is the answer.
      .replace(/(?<=[\d}])\s*\\(?:text|mbox|mathrm)\s*\{[^}]*\}(?:\^\{?\d\}?)?\s*$/, "")
      .replaceAll(/\\(?:text|mbox|mathrm|textbf)\s*\{([^}]*)\}/g, "$1")
      .replaceAll(/\^\s*(?:\\circ|\{\s*\\circ\s*\})|\\?%/g, "")
      .replaceAll(/\\frac\s*(\w)\s*(\w)/g, String.raw`\frac{$1}{$2}`)
      .replaceAll(/\\frac\s*(\w)\s*\{/g, String.raw`\frac{$1}{`)
      .replaceAll(/\\sqrt\s*(\w)/g, String.raw`\sqrt{$1}`)
      // Which letter stands for the answer is told by the problem.
      .replace(/^\s*[a-zA-Z]\s*=(?=[^=]*$)/, "")
      .replaceAll(/\s+/g, "")
      .replace(/\.$/, "")
      .toLowerCase()
  );
}

/** The number that a plain formula is: a decimal or a fraction. */
function numberOf(formula: string): number | undefined {
  const fraction = /^(-?)\\frac\{(-?[\d.]+)\}\{(-?[\d.]+)\}$/.exec(formula);
  if (fraction) {
    const [, sign, top, bottom] = fraction;
    return (sign === "-" ? -1 : 1) * (Number(top) / Number(bottom));
  }
  const slash = /^(-?[\d.]+)\/([\d.]+)$/.exec(formula);
  if (slash) return Number(slash[1]) / Number(slash[2]);
  const isGrouped = /^[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(formula);
  const plain = isGrouped ? formula.replaceAll(",", "") : formula;
  return /^[-+]?(?:\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : undefined;
}
