import type { InstructionsContext } from "../action-format/contract.js";
import type { ToolDeclaration, ToolParameter } from "../executor/tool-call.js";
import type { Schema } from "../schema/schema.js";
import { toJsonSchema } from "../schema/to-json-schema.js";
import { CodeActError } from "../errors/codeact-error.js";
import { describeRoot } from "./declaration.js";
import { functionStub, typingImports } from "./python/function-stub.js";
import { takenNames, TypeWriter } from "./python/type-writer.js";

/** The Python function that ends a run with its answer. */
export const finalAnswerName = "final_answer";

/** How the answer of a run is declared to Python and described to the model. */
export interface DescribedAnswer {
  declaration: ToolDeclaration;
  description: InstructionsContext["answer"];
}

/**
 * Describes the answers that a schema allows; without one they are text.
 * @throws `CodeActError` with code `invalid-option` when the schema cannot be shown to Python.
 */
export function describeAnswer(schema: Schema | undefined): DescribedAnswer {
  if (schema === undefined) return describe("str", "", [], { asText: true });
  const label = "The outputSchema of the agent";
  const document = toJsonSchema(schema, "input", { code: "invalid-option", label });
  try {
    const writer = new TypeWriter(document, "input", "Answer", takenNames());
    const type = writer.write(document, "Answer");
    const { declaration, description } = describe(
      type,
      describeRoot(writer.reader),
      writer.definitions,
    );
    return { declaration, description: { ...description, schema: document } };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CodeActError("invalid-option", `${label} cannot be shown to Python: ${reason}`, {
      cause,
    });
  }
}

function describe(
  type: string,
  comment: string,
  definitions: readonly string[],
  conversion: Pick<ToolParameter, "asText"> = {},
): DescribedAnswer {
  const source = definitions.join("\n\n");
  const imports = typingImports(`${source} ${type}`);
  return {
    declaration: {
      name: finalAnswerName,
      pythonName: finalAnswerName,
      parameters: [
        { name: "value", pythonName: "value", required: true, nullable: true, ...conversion },
      ],
      stub: functionStub({
        pythonName: finalAnswerName,
        description: "Gives the final answer and ends the task. Code after this call does not run.",
        parameters: [{ pythonName: "value", type, comment }],
        returnType: "NoReturn",
        returnComment: "",
        definitions,
      }),
    },
    description: {
      type,
      definitions: source === "" || imports === "" ? source : `${imports}\n\n${source}`,
    },
  };
}
