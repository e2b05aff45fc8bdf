// An agent whose Python runs in the page itself. Build and serve it: npx vite --config browser/vite.config.ts
import { Agent, tool } from "@codeact/core";
import { ScriptedModel } from "@codeact/core/testing";
import { PyodideExecutor } from "@codeact/executors/pyodide";
import { z } from "zod";

// Only the page knows this.
const windowSize = tool({
  name: "get_window_size",
  description: "Size of the window, in pixels.",
  inputSchema: z.object({}),
  outputSchema: z.object({ width: z.number(), height: z.number() }),
  execute: () => ({ width: innerWidth, height: innerHeight }),
});

const model = new ScriptedModel([
  `<execute>
from math import gcd
size = get_window_size()
divisor = gcd(size["width"], size["height"])
print(size, divisor)
</execute>`,
  `<execute>final_answer(f'The window is {size["width"] // divisor} : {size["height"] // divisor}.')</execute>`,
]);

// Where the files of the package `pyodide` are; vite.config.ts puts them there.
const executor = new PyodideExecutor({ indexUrl: "/pyodide/" });
const agent = new Agent({ model, executor, tools: [windowSize] });
agent.on("action", (event) => show(event.action.type === "code" ? event.action.code : ""));
agent.on("observation", ({ text }) => show(text));
const result = await agent.run("What is the aspect ratio of this window?");
await executor.close();
element("answer").textContent = result.status === "answered" ? result.output : result.status;

function show(text: string): void {
  const block = document.createElement("pre");
  block.textContent = text;
  element("steps").append(block);
}

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
}
