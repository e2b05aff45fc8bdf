import type { InstructionsContext } from "./contract.js";
import { definitionsText, toolStubs } from "./tool-stubs.js";

/** The system prompt of the formats whose actions are single tool calls. */
export function callInstructions(context: InstructionsContext, syntax: "json" | "text"): string {
  return [
    protocols[syntax],
    rules(context),
    toolsSection(context),
    finishSection(context, syntax),
  ].join("\n\n");
}

const opening =
  "You solve the user's task by calling tools, one at a time, and you are shown the result of each call.";

// Dialogues: after an example that ends with an observation, small models begin with one.
const protocols = {
  json: `${opening}

# How to act

Say in a sentence or two what you will do next. Then write one JSON object with the tool and its arguments. Stop there and wait: the next message is the result. For example:

User: What is the sum of 3 and 5?
You: I add the numbers.
{"tool": "add", "args": {"left": 3, "right": 5}}
User: Observation:
8
You: {"answer": "The sum is 8."}`,
  text: `${opening}

# How to act

Say in a sentence or two what you will do next. Then write one line with the tool and its arguments, separated by commas. Put quotes around text that contains a comma; write lists as [1, 2]. Stop there and wait: the next message is the result. For example:

User: What is the sum of 3 and 5?
You: I add the numbers.
Action: add, left=3, right=5
User: Observation:
8
You: Answer: The sum is 8.`,
} as const;

function rules({ limits }: InstructionsContext): string {
  const budget = Number.isFinite(limits.steps)
    ? `\n- You have at most ${limits.steps} messages for the task.`
    : "";
  return `# Rules

- One call per message, and nothing after it. Never write a result yourself: only the tool knows it.
- Results longer than ${limits.observationCharacters} characters are cut in the middle.
- If a call fails you get the error. Correct the call.${budget}`;
}

function toolsSection({ tools }: InstructionsContext): string {
  if (tools.length === 0) return "# Tools\n\nThere are none: answer at once.";
  return `# Tools

The tools are described as Python functions: their names, the types of their arguments, and what they return.

\`\`\`python
${toolStubs(tools)}
\`\`\``;
}

function finishSection({ answer }: InstructionsContext, syntax: "json" | "text"): string {
  const form = syntax === "json" ? '{"answer": …}' : "Answer: …";
  if (answer.type === "str") {
    return `# How to finish\n\nWhen you know the answer, write ${form} and nothing after it.`;
  }
  const json = syntax === "json" ? "" : ", written as JSON,";
  return `# How to finish

When you know the answer, write ${form} and nothing after it. The answer${json} must be of the Python type ${answer.type}.${definitionsText(answer.definitions)}`;
}
