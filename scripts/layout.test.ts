import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { entriesOf, packages } from "./workspace.mjs";

const maximumLines = 400;

test.each(packages.flatMap(entriesOf))("$name exports by name", ({ source }) => {
  expect(readFileSync(source, "utf8")).not.toMatch(/^export \*/m);
});

// oxlint has the same rule for TypeScript.
test.each(packages)(
  `Python files of $manifest.name have at most ${maximumLines} lines`,
  (entry) => {
    const sources = path.join(entry.folder, "src");
    const tooLong = readdirSync(sources, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".py"))
      .filter(
        (name) =>
          readFileSync(path.join(sources, name), "utf8").split("\n").length - 1 > maximumLines,
      );
    expect(tooLong).toEqual([]);
  },
);
