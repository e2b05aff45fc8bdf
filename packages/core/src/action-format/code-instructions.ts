import type { InstructionsContext } from "./contract.js";
import { definitionsText, toolStubs } from "./tool-stubs.js";

/** The system prompt of the formats whose actions are Python. */
export function codeInstructions(
  context: InstructionsContext,
  protocol: "tags" | "native",
): string {
  return [
    protocol === "tags" ? tagProtocol(exampleEnding(context)) : nativeProtocol,
    rules(context, protocol),
    toolsSection(context),
    finishSection(context, protocol),
  ]
    .filter((section) => section !== "")
    .join("\n\n");
}

const opening =
  "You solve the user's task by writing Python code. The code runs in a live Python session, and you are shown what it prints.";

// As a dialogue: after an example that ends with an observation, small models begin with one.
const tagProtocol = (ending: string) => `${opening}

# How to act

Say in a sentence or two what you will do next. Then write one block of code between <execute> and </execute>. Stop there and wait: the next message shows you what the code printed. For example:

User: How many of the numbers 3, 5 and 8 are odd?
You: I count the odd numbers.
<execute>
numbers = [3, 5, 8]
print(sum(number % 2 for number in numbers))
</execute>
User: Observation:
2
${ending}`;

function exampleEnding({ answer }: InstructionsContext): string {
  if (answer.type === "str") return "You: Two of the numbers are odd.";
  return "You: I have the number.\n<execute>\nfinal_answer(2)\n</execute>";
}

const nativeProtocol = `${opening}

# How to act

Say in a sentence or two what you will do next. Then call the tool execute_python with your code and wait for its result.`;

function rules({ limits }: InstructionsContext, protocol: "tags" | "native"): string {
  const block = protocol === "tags" ? "block" : "call";
  return `# Rules

- One ${block} per message, and nothing after it. Never write a result yourself: only the session knows it.
- Variables, imports and functions stay for later ${block}s. Use them; do not repeat them.
- You see only what the code prints, and the value of its last line. Print what you need to know.
- Output longer than ${limits.observationCharacters} characters is cut in the middle. Print parts of large data.
- If the code fails you get the traceback. Find the cause, then write corrected code.
- Work in small steps and check results before you rely on them.
- ${budget(limits)}`;
}

function budget({ steps, cellTimeoutMs }: InstructionsContext["limits"]): string {
  const seconds = Number.isFinite(cellTimeoutMs)
    ? ` Code that runs longer than ${cellTimeoutMs / 1000} seconds is stopped.`
    : "";
  return Number.isFinite(steps)
    ? `You have at most ${steps} messages for the task.${seconds}`
    : `Finish as soon as you know the answer.${seconds}`;
}

function toolsSection({ tools }: InstructionsContext): string {
  if (tools.length === 0) return "";
  return `# Tools

These functions are already defined in the session. Call them from your code like any function, also in loops; do not import or define them.

\`\`\`python
${toolStubs(tools)}
\`\`\``;
}

function finishSection({ answer }: InstructionsContext, protocol: "tags" | "native"): string {
  const where = protocol === "tags" ? "in a block" : "in your code";
  const without = protocol === "tags" ? "without a block" : "without a tool call";
  if (answer.type === "str") {
    return `# How to finish

When you know the answer, write it as a message ${without}. Or call final_answer(text) ${where}, when the answer is in a variable. Do not finish before the results that you need are printed.`;
  }
  return `# How to finish

When you know the answer, call final_answer(value) ${where}. The value must be of type ${answer.type}.${definitionsText(answer.definitions)}
${dictNote(answer.definitions)}If it is not, you get an error that says why: correct it. Do not finish before you have checked the results that you need.`;
}

/** Small models call the type with values in a row, and what Python says of that does not help them. */
function dictNote(definitions: string): string {
  if (!definitions.includes("TypedDict")) return "";
  return 'A TypedDict is a plain dict: write {"key": value}. ';
}
