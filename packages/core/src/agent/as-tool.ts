import { closeAfter } from "../async/close-after.js";
import { CodeActError } from "../errors/codeact-error.js";
import type { JsonValue } from "../json.js";
import type { Tool, ToolExecuteOptions } from "../tool/tool.js";
import { type RunLink, runLink } from "./run-link.js";
import { type AgentHooks, SessionState } from "./session-state.js";
import type { AgentDefinition } from "./definition.js";

/** How a sub-agent is offered as a tool. */
export interface AsToolOptions {
  /** @defaultValue the agent's name */
  name?: string;
  /** @defaultValue the agent's description */
  description?: string;
}

/** The input of an agent that is used as a tool. */
export interface AgentToolInput {
  task: string;
}

/** Wraps an agent so that another agent's code calls it as a function of a task. */
export function agentAsTool<TOutput, TContext>(
  definition: AgentDefinition<TOutput, TContext>,
  hooks: AgentHooks,
  options: AsToolOptions,
): Tool<AgentToolInput, JsonValue, TContext> {
  const name = options.name ?? definition.name;
  const description = options.description ?? definition.description;
  if (!description) {
    throw new CodeActError(
      "invalid-tool",
      `The agent "${name}" has no description, and the model must know what it can ask of it. ` +
        "Give the agent, or asTool(), a description.",
    );
  }
  const { outputSchema } = definition.options;
  return {
    name,
    description,
    inputSchema: {
      type: "object",
      properties: { task: { type: "string", description: "What to do, in full." } },
      required: ["task"],
      additionalProperties: false,
    },
    ...(outputSchema && { outputSchema }),
    execute: ({ task }, toolOptions: ToolExecuteOptions<TContext> & { [runLink]?: RunLink }) => {
      const result = runAsTool(definition, hooks, task, toolOptions);
      toolOptions[runLink]?.hold(result);
      return result;
    },
  };
}

async function runAsTool<TOutput, TContext>(
  definition: AgentDefinition<TOutput, TContext>,
  hooks: AgentHooks,
  task: string,
  { signal, context, ...rest }: ToolExecuteOptions<TContext> & { [runLink]?: RunLink },
): Promise<JsonValue> {
  const link = rest[runLink];
  const resumeClock = link?.pauseClock();
  const session = new SessionState(definition, hooks);
  try {
    const handle = session.begin(task, { signal, context }, { parent: link?.parent });
    const { status } = await closeAfter(handle.result, session);
    const last = handle.trajectory.events.at(-1);
    if (status === "answered" && last?.type === "finish") return last.output ?? null;
    throw new Error(`The agent "${definition.name}" ended without an answer: ${status}.`);
  } finally {
    resumeClock?.();
  }
}
