// Prints "N passed, N failed, N skipped" from the JSON report of a vitest run.
import { readFileSync } from "node:fs";

const { testResults } = JSON.parse(readFileSync(process.argv[2], "utf8"));
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
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
