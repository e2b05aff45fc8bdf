import { expect, test } from "vitest";
import { entriesOf, packages, readJson } from "./workspace.mjs";

test.each(packages)("$manifest.name publishes its exports without the source", ({ manifest }) => {
  const withoutSource = Object.fromEntries(
    Object.entries(manifest.exports).map(([subpath, target]) => {
      if (typeof target === "string") return [subpath, target];
      const { "@codeact/source": _, ...published } = target as Record<string, unknown>;
      return [subpath, published];
    }),
  );
  expect(manifest.publishConfig.exports).toEqual(withoutSource);
});

test("packages have one version", () => {
  expect(new Set(packages.map(({ manifest }) => manifest.version)).size).toBe(1);
});

test("every entry has a size limit", () => {
  const entries = packages.flatMap(entriesOf).map(({ name }) => name);
  expect(wholeEntries(readJson("scripts", "size-limits.json")).sort()).toEqual(entries.sort());
});

/** Keys with a colon limit an import of single names. */
function wholeEntries(limits: object): string[] {
  return Object.keys(limits).filter((key) => !key.includes(":"));
}
