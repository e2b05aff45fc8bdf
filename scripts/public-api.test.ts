import { readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { entriesOf, packages, root } from "./workspace.mjs";

/** Every entry's exported names, types included, read from its source. */
function exportsOfEntries(): Record<string, string[]> {
  const configFile = path.join(root, "tsconfig.base.json");
  const { config } = ts.parseConfigFileTextToJson(configFile, readFileSync(configFile, "utf8"));
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const entries = packages.flatMap(entriesOf);
  const program = ts.createProgram(
    entries.map(({ source }) => source),
    options,
  );
  const checker = program.getTypeChecker();
  return Object.fromEntries(
    entries.map(({ name, source }) => {
      const file = program.getSourceFile(source);
      const module = file && checker.getSymbolAtLocation(file);
      const symbols = module ? checker.getExportsOfModule(module) : [];
      return [name, symbols.map((symbol) => describe(symbol, checker)).sort()];
    }),
  );
}

function describe(symbol: ts.Symbol, checker: ts.TypeChecker): string {
  const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
  const target = isAlias ? checker.getAliasedSymbol(symbol) : symbol;
  const isTypeOnly = symbol.declarations?.some(ts.isTypeOnlyExportDeclaration) ?? false;
  const isValue = (target.flags & ts.SymbolFlags.Value) !== 0 && !isTypeOnly;
  return isValue ? symbol.name : `type ${symbol.name}`;
}

// A wanted change: npx vitest run scripts/public-api -u, and a line in CHANGELOG.md.
// It reads the types of every package.
test("the public API is exactly what public-api.json lists", { timeout: 300_000 }, async () => {
  const actual = `${JSON.stringify(exportsOfEntries(), null, 2)}\n`;
  await expect(actual).toMatchFileSnapshot("public-api.json");
});
