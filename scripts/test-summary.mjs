// Adds up the JSON reports of vitest in a folder: each test that failed or that passed only at its
// second run, with the beginning of its error, a line of counts for each report, and last for all
// "N passed, N failed, N skipped".
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";

const folder = process.argv[2];
const line = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

/** The lines of an error that are shown, without the runner's own; the report has the whole. */
const shownLines = 12;

/** What went wrong in a file: a passed test has errors of its first run. */
function problemsOf({ name, status, message, assertionResults }) {
  const file = path.relative(process.cwd(), name);
  const problems = assertionResults
    .filter((test) => test.status === "failed" || test.failureMessages.length > 0)
    .map((test) => ({
      label: test.status === "failed" ? "FAILED" : "FLAKY",
      title: `${file} > ${test.fullName}`,
      error: test.failureMessages.join("\n"),
    }));
  // A file that failed to load has no tests in the report.
  const isUncounted = status === "failed" && !problems.some(({ label }) => label === "FAILED");
  return isUncounted ? [...problems, { label: "FAILED", title: file, error: message }] : problems;
}

function readReport(file) {
  const { testResults } = JSON.parse(readFileSync(file, "utf8"));
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const problems = testResults.flatMap(problemsOf);
  const failed = problems.filter(({ label }) => label === "FAILED").length;
  const passed = tests.filter(({ status }) => status === "passed").length;
  const skipped = tests.filter(({ status }) => status !== "passed" && status !== "failed").length;
  return { problems, counts: { passed, failed, skipped } };
}

function printProblem({ label, title, error }) {
  const lines = stripVTControlCharacters(error)
    .split("\n")
    .filter((text) => !text.includes("node_modules"))
    .slice(0, shownLines);
  console.log(`${label} ${title}\n${lines.map((text) => `    ${text}`).join("\n")}`);
}

const reports = readdirSync(folder)
  .sort()
  .map((file) => ({ name: path.parse(file).name, ...readReport(path.join(folder, file)) }));
const total = { passed: 0, failed: 0, skipped: 0 };
for (const { problems } of reports) problems.forEach(printProblem);
for (const { name, counts } of reports) {
  console.log(`${name}: ${line(counts)}`);
  for (const outcome in total) total[outcome] += counts[outcome];
}
console.log(line(total));
