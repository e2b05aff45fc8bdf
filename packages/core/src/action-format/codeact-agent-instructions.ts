import type { InstructionsContext, ToolDescription } from "./contract.js";
import { definitionsText } from "./tool-stubs.js";

/** The system prompt of the CodeActAgent models: an opening, rules in prose, then the tools. */
export function codeActAgentInstructions(context: InstructionsContext): string {
  return [opening, rules(context), finish(context), toolList(context.tools)]
    .filter((section) => section !== "")
    .join("\n\n");
}

const opening = `You are a helpful assistant who helps the user with Python code.
A Jupyter notebook is at your disposal. To run code in it, put the code into <execute>, for example <execute> print("Hello World!") </execute>.`;

function rules({ limits }: InstructionsContext): string {
  const seconds = Number.isFinite(limits.cellTimeoutMs)
    ? ` Code that runs longer than ${limits.cellTimeoutMs / 1000} seconds is stopped.`
    : "";
  const steps = Number.isFinite(limits.steps) ? ` You have at most ${limits.steps} messages.` : "";
  return `Put a small step into each block and look at its output before the next one. Rather run code than show it. Packages that are missing can be installed by !pip install. Import a package before you use it, and define a variable or function before you use it; they stay for later blocks. Output longer than ${limits.observationCharacters} characters is cut in the middle.${seconds}${steps}
Once you know the answer, run nothing more. Be concise, and say what you think.`;
}

function finish({ answer }: InstructionsContext): string {
  if (answer.type === "str") {
    return "The message in which you give the answer has no <execute>.";
  }
  return `Give the answer by final_answer(value) in <execute>. The value must be of type ${answer.type}.${definitionsText(answer.definitions)}`;
}

function toolList(tools: readonly ToolDescription[]): string {
  if (tools.length === 0) return "";
  const entries = tools.map((tool, index) => `[${index + 1}] ${entry(tool)}`);
  return ["Tool function available (already imported in <execute> environment):", ...entries].join(
    "\n",
  );
}

/** The signature without its keyword, the types that it names, and what the tool does. */
function entry({ declaration }: ToolDescription): string {
  const [, types = "", signature = "", text = ""] = stubParts.exec(declaration.stub) ?? [];
  const lines = [signature, ...text.split("\n"), ...types.split("\n")]
    .map((line) => (line.startsWith("    ") ? line.slice(4) : line).trimEnd())
    .filter((line) => line !== "" && !line.startsWith("from typing import "));
  return lines.join("\n");
}

/** What stands before the function, its signature, and its documentation. */
const stubParts = /^([\s\S]*?)^def ([\s\S]*?):\n(?:\s*"""([\s\S]*?)""")?/m;
