// Adds up the JSON reports of vitest in a folder: a line for each, and last for all of them
// "N passed, N failed, N skipped".
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const folder = process.argv[2];
const line = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

function countsOf(file) {
  const { testResults } = JSON.parse(readFileSync(file, "utf8"));
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { status, assertionResults } of testResults) {
    for (const test of assertionResults) {
      const outcome = test.status in counts ? test.status : "skipped";
      counts[outcome] += 1;
    }
    // A file that failed to load has no tests in the report.
    const isUncounted =
      status === "failed" && !assertionResults.some((test) => test.status === "failed");
    if (isUncounted) counts.failed += 1;
  }
  return counts;
}

const total = { passed: 0, failed: 0, skipped: 0 };
for (const file of readdirSync(folder).sort()) {
  const counts = countsOf(path.join(folder, file));
  console.log(`${path.parse(file).name}: ${line(counts)}`);
  for (const outcome in total) total[outcome] += counts[outcome];
}
console.log(line(total));
