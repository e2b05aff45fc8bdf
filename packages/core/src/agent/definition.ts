import type { ActionFormat } from "../action-format/contract.js";
import { codeFormat } from "../action-format/code-format.js";
import type { Executor } from "../executor/executor.js";
import type { ToolDeclaration } from "../executor/tool-call.js";
import type { Model } from "../model/model.js";
import { createToolset, type Toolset } from "../tool/toolset.js";
import { type AnswerSchema, resolveAnswerSchema } from "./final-answer.js";
import { type Limits, resolveLimits } from "./limits.js";
import { boundCallbacks, checkOptionTypes, invalidOption } from "./option-checks.js";
import type { AgentOptions } from "./options.js";
import { type RetryOptions, resolveRetry } from "./retry.js";

/** An agent's options, checked and with their defaults: what every run of it shares. */
export interface AgentDefinition<TOutput, TContext> {
  name: string;
  description: string | undefined;
  model: Model;
  executor: Executor | undefined;
  format: ActionFormat;
  toolset: Toolset;
  /** What the interpreter is told: the tools and `final_answer`. */
  declarations: readonly ToolDeclaration[];
  instructions: string | undefined;
  answer: AnswerSchema<TOutput>;
  limits: Limits;
  retry: Required<RetryOptions>;
  /** A copy of the options, for their callbacks. */
  options: AgentOptions<TOutput, TContext>;
}

/** Checks an agent's options, all at once when it is made rather than in the middle of a run. */
export function defineAgent<TOutput, TContext>(
  options: AgentOptions<TOutput, TContext>,
): AgentDefinition<TOutput, TContext> {
  checkOptionTypes(options);
  const format = options.actionFormat ?? codeFormat();
  const limits = resolveLimits(options.limits);
  const toolset = createToolset(options.tools ?? []);
  const answer = resolveAnswerSchema(options.outputSchema);
  checkModel(options.model, format, limits);
  checkExecutor(options.executor, format);
  checkApproval(options);
  return {
    name: options.name ?? "agent",
    description: options.description,
    model: options.model,
    executor: format.usesInterpreter ? options.executor : undefined,
    format,
    toolset,
    declarations: [...toolset.declarations, answer.declaration],
    instructions: options.instructions,
    answer,
    limits,
    retry: resolveRetry(options.retry),
    options: { ...options, ...boundCallbacks(options) },
  };
}

/** Also called for a model that `prepareStep` puts in the place of the agent's. */
export function checkModel(model: Model, format: ActionFormat, limits: Limits): void {
  if (typeof model?.generate !== "function") {
    throw invalidOption(
      "The agent has no model. Give `model`, for example new OpenAIModel({ model: … }).",
    );
  }
  if (typeof model.id !== "string") {
    throw invalidOption("The agent's model has no id. Give it one: events and errors name it.");
  }
  if (Number.isFinite(limits.tokens)) requireUsage(model);
  if (format.tools && !model.capabilities?.tools) {
    throw invalidOption(
      `The action format "${format.name}" needs a model with function tools, and "${model.id}" does not say ` +
        "that it has them. Use codeFormat(), or set capabilities.tools on the model.",
    );
  }
}

/** Refuses a model whose tokens nobody could count, where there is a limit of them. */
export function requireUsage(model: Model): void {
  if (model.capabilities?.usage) return;
  throw invalidOption(
    `limits.tokens needs a model that reports its usage, and "${model.id}" does not say that it does. ` +
      "Remove the limit, or set capabilities.usage on the model if it reports tokens.",
  );
}

function checkExecutor(executor: Executor | undefined, format: ActionFormat): void {
  if (!format.usesInterpreter || typeof executor?.start === "function") return;
  throw invalidOption(
    `The action format "${format.name}" runs Python, and the agent has no executor. ` +
      "Give `executor`, for example new PythonExecutor().",
  );
}

function checkApproval<TOutput, TContext>(options: AgentOptions<TOutput, TContext>): void {
  if (options.approve) return;
  const tool = options.tools?.find((candidate) => candidate.needsApproval);
  if (!tool) return;
  throw invalidOption(
    `The tool "${tool.name}" needs approval, and the agent has no approve callback to ask. ` +
      "Give `approve`, or remove needsApproval from the tool.",
  );
}
