import { codeActAgentInstructions } from "./codeact-agent-instructions.js";
import { codeFormat } from "./code-format.js";
import type { ActionFormat } from "./contract.js";
import { observationMessage } from "./observation-messages.js";

/**
 * `codeFormat()` for the CodeActAgent models of the CodeAct paper, which were trained on one
 * prompt and follow that better than any other: `xingyaow/codeact-agent-mistral` and
 * `xingyaow/codeact-agent-llama-2-7b`. The system prompt has their structure, tools are a numbered
 * list of signatures, and results come as `Execution Output:`. Messages are read as by
 * `codeFormat()`.
 *
 * The models see no images, and their turns are ChatML, which the server's chat template writes.
 *
 * @example
 * ```ts
 * const model = new OpenAIModel({
 *   model: "xingyaow/codeact-agent-mistral",
 *   baseURL: "http://localhost:8000/v1",
 *   temperature: 0,
 *   capabilities: { images: false },
 * });
 * const agent = new Agent({ model, executor, actionFormat: codeActAgentFormat() });
 * ```
 */
export function codeActAgentFormat(): ActionFormat {
  const format = codeFormat();
  return {
    ...format,
    name: "codeact-agent",
    // The ends of a ChatML turn, for servers whose template leaves them to the caller.
    stop: [...format.stop, "<|im_end|>", "<|im_start|>"],
    instructions: codeActAgentInstructions,
    renderObservations: (observations, context) => [
      observationMessage(observations, context, "Execution Output:"),
    ],
  };
}
