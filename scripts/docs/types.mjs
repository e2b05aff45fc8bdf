// Type-checks fences in one program. They stand as files of the examples, so that the packages
// resolve as they do there: to their sources.
import { readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { root } from "../workspace.mjs";
import { impliedImports } from "./implied-names.mjs";

const folder = path.join(root, "examples", "src");
// As source, so that `skipLibCheck` does not leave it out.
// As a source file, for declaration files are not checked themselves.
const givenNames = path.join(folder, "given-names.ts");
const pythonSource = path.join(root, "packages", "executors", "python-source.d.ts");

function compilerOptions() {
  const file = path.join(root, "examples", "tsconfig.json");
  const config = ts.readConfigFile(file, (name) => readFileSync(name, "utf8")).config;
  return ts.parseJsonConfigFileContent(config, ts.sys, path.dirname(file)).options;
}

/** A compiler host that also has files which exist in memory only. */
function hostWith(virtualFiles, options) {
  const host = ts.createCompilerHost(options);
  return {
    ...host,
    fileExists: (name) => virtualFiles.has(name) || host.fileExists(name),
    readFile: (name) => virtualFiles.get(name) ?? host.readFile(name),
    getSourceFile: (name, version, ...rest) =>
      virtualFiles.has(name)
        ? ts.createSourceFile(name, virtualFiles.get(name), version, true)
        : host.getSourceFile(name, version, ...rest),
  };
}

/** What does not compile, a text each. */
export function checkTypes(fences) {
  const options = compilerOptions();
  const byName = new Map(
    fences.map((fence, index) => [path.posix.join(folder, `fence-${index}.ts`), fence]),
  );
  // On the first line, so that the lines of messages stay right.
  const virtualFiles = new Map(
    [...byName].map(([name, fence]) => [name, `export {}; ${impliedImports(fence)} ${fence.code}`]),
  );
  const given = path.join(root, "scripts", "docs", "given-names.d.ts");
  virtualFiles.set(givenNames, readFileSync(given, "utf8"));
  const host = hostWith(virtualFiles, options);
  const program = ts.createProgram([...virtualFiles.keys(), pythonSource], options, host);
  const problemsOf = (name, file, line) =>
    ts.getPreEmitDiagnostics(program, program.getSourceFile(name)).map((diagnostic) => {
      const start = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line ?? 0;
      const where = `${path.relative(root, file)}:${line + start}`;
      return `${where}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n")}`;
    });
  return [
    ...problemsOf(givenNames, given, 1),
    ...[...byName].flatMap(([name, { file, line }]) => problemsOf(name, file, line)),
  ];
}
