import { expect, test } from "vitest";
import { entriesOf, packages, readJson } from "./workspace.mjs";

test.each(packages)("$manifest.name publishes its exports without the source", ({ manifest }) => {
  const published = Object.fromEntries(
    Object.entries(manifest.exports).map(([subpath, target]) => {
      if (typeof target === "string") return [subpath, target];
      return [subpath, withoutSource(target as object)];
    }),
  );
  expect(manifest.publishConfig.exports).toEqual(published);
});

test("packages have one version", () => {
  expect(new Set(packages.map(({ manifest }) => manifest.version)).size).toBe(1);
});

test("core depends on eventemitter3, and on the zod of its user", () => {
  const { dependencies, peerDependencies } = readJson("packages", "core", "package.json");
  expect(Object.keys(dependencies)).toEqual(["eventemitter3"]);
  expect(Object.keys(peerDependencies)).toEqual(["zod"]);
});

test("every entry has a size limit", () => {
  const entries = packages.flatMap(entriesOf).map(({ name }) => name);
  expect(wholeEntries(readJson("scripts", "size-limits.json")).sort()).toEqual(entries.sort());
});

/** A target and, within it, that for browsers. */
function withoutSource(target: object): object {
  const { "@codeact/source": _, ...published } = target as Record<string, unknown>;
  const { browser } = published;
  return browser ? { ...published, browser: withoutSource(browser) } : published;
}

/** Others limit an import of single names, or what browsers get. */
function wholeEntries(limits: object): string[] {
  return Object.keys(limits).filter((key) => !/:| in browsers$/.test(key));
}
