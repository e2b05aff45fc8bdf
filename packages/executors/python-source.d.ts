// `import source from "../runtime/x.py"` gives the file's text: tsup inlines it, vitest loads it.
declare module "*.py" {
  const source: string;
  export default source;
}
