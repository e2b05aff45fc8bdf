import { arch, cpus, platform, release } from "node:os";
import type { Summary } from "./statistics.js";

/** Prints what machine this is, since the figures mean nothing without. */
export function printMachine(): void {
  const [cpu] = cpus();
  const what = `${cpus().length} × ${cpu?.model.trim() ?? "unknown processor"}`;
  console.log(`${what}, ${platform()} ${release()} ${arch()}, Node ${process.versions.node}\n`);
}

/** Prints a table of figures, each with its ratio to a baseline where it has one. */
export function printFigures(
  title: string,
  unit: string,
  figures: readonly { name: string; summary: Summary; baseline?: Summary }[],
): void {
  console.log(title);
  for (const { name, summary, baseline } of figures) {
    const { median, minimum, maximum, count } = summary;
    const range = `[${show(minimum)} … ${show(maximum)}], n = ${count}`;
    const ratio = baseline ? `, ${(median / baseline.median).toFixed(2)} × the baseline` : "";
    console.log(`  ${name.padEnd(48)} ${show(median)} ${unit} ${range}${ratio}`);
  }
  console.log();
}

function show(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
