import type * as Pyodide from "pyodide";

/** Pyodide without anything of ours: runs the code that it is sent, and answers when it has. */
const pyodideUrl = "/pyodide/";
const module: string = `${pyodideUrl}pyodide.mjs`;
const { loadPyodide } = (await import(module)) as typeof Pyodide;
const python = await loadPyodide({ indexURL: pyodideUrl });
const run = (code: string): void => {
  python.runPython(code);
  postMessage("done");
};
addEventListener("message", ({ data }: MessageEvent<string>) => run(data));
postMessage("ready");
