// `import source from "../runtime/x.py"` gives the file's text: tsup inlines it, vitest loads it.
declare module "*.py" {
  const source: string;
  export default source;
}

// `import program from "./x.ts?program"` gives the text of the program that begins with that file.
declare module "*?program" {
  const source: string;
  export default source;
}
