// Adds up the JSON reports of vitest in a folder: each failed test with the beginning of its
// error, a line of counts for each report, and last for all "N passed, N failed, N skipped".
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";

const folder = process.argv[2];
const line = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

/** The lines of an error that are shown, without the runner's own; the report has the whole. */
const shownLines = 12;

function failuresOf({ name, status, message, assertionResults }) {
  const file = path.relative(process.cwd(), name);
  const failures = assertionResults
    .filter((test) => test.status === "failed")
    .map((test) => ({
      title: `${file} > ${test.fullName}`,
      error: test.failureMessages.join("\n"),
    }));
  // A file that failed to load has no tests in the report.
  const isUncounted = status === "failed" && failures.length === 0;
  return isUncounted ? [{ title: file, error: message }] : failures;
}

function readReport(file) {
  const { testResults } = JSON.parse(readFileSync(file, "utf8"));
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const failures = testResults.flatMap(failuresOf);
  const passed = tests.filter(({ status }) => status === "passed").length;
  const skipped = tests.filter(({ status }) => status !== "passed" && status !== "failed").length;
  return { failures, counts: { passed, failed: failures.length, skipped } };
}

function printFailure({ title, error }) {
  const lines = stripVTControlCharacters(error)
    .split("\n")
    .filter((text) => !text.includes("node_modules"))
    .slice(0, shownLines);
  console.log(`FAILED ${title}\n${lines.map((text) => `    ${text}`).join("\n")}`);
}

const reports = readdirSync(folder)
  .sort()
  .map((file) => ({ name: path.parse(file).name, ...readReport(path.join(folder, file)) }));
const total = { passed: 0, failed: 0, skipped: 0 };
for (const { failures } of reports) failures.forEach(printFailure);
for (const { name, counts } of reports) {
  console.log(`${name}: ${line(counts)}`);
  for (const outcome in total) total[outcome] += counts[outcome];
}
console.log(line(total));
