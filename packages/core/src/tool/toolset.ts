import type { ToolDescription } from "../action-format/contract.js";
import { CodeActError } from "../errors/codeact-error.js";
import type { ToolDeclaration } from "../executor/tool-call.js";
import { type DeclaredTool, declare, typePrefix } from "./declaration.js";
import { typingNames } from "./python/identifier.js";
import type { Tool } from "./tool.js";

/** Any tool, whatever it takes and whatever context it needs. */
type AnyTool = Tool<never, unknown, never>;

/** The tools of one agent, checked as a whole. */
export interface Toolset {
  readonly declarations: readonly ToolDeclaration[];
  readonly descriptions: readonly ToolDescription[];
  get(name: string): AnyTool | undefined;
}

const declared = new WeakMap<AnyTool, DeclaredTool>();

/** The declaration of a tool, made once. */
export function declaredTool(tool: AnyTool): DeclaredTool {
  let entry = declared.get(tool);
  if (entry === undefined) {
    entry = declare(tool);
    declared.set(tool, entry);
  }
  return entry;
}

/**
 * Checks tools that are to be offered together.
 * @throws `CodeActError` with code `invalid-tool`, which names the tool and says what to change.
 */
export function createToolset(tools: readonly AnyTool[]): Toolset {
  const byName = new Map<string, AnyTool>();
  const byPythonName = new Map<string, string>();
  const typeNames = new Set<string>();
  const declarations: ToolDeclaration[] = [];
  const descriptions: ToolDescription[] = [];
  for (const tool of tools) {
    const { declaration, inputSchema, outputSchema } = withOwnTypeNames(tool, typeNames);
    const { name, pythonName } = declaration;
    const other = byPythonName.get(pythonName);
    if (other !== undefined) {
      throw new CodeActError(
        "invalid-tool",
        other === name
          ? `Two tools are named "${name}". Rename or remove one.`
          : `The tools "${other}" and "${name}" would both be ${pythonName} in Python. Rename one.`,
      );
    }
    byName.set(name, tool);
    byPythonName.set(pythonName, name);
    declarations.push(declaration);
    descriptions.push({
      description: tool.description,
      declaration,
      inputSchema,
      ...(outputSchema && { outputSchema }),
    });
  }
  return { declarations, descriptions, get: (name) => byName.get(name) };
}

/**
 * The declarations of tools, for those who start an interpreter without an agent.
 * @throws `CodeActError` with code `invalid-tool`, which names the tool and says what to change.
 * @example
 * ```ts
 * const interpreter = await executor.start({ tools: declareTools([weather]) });
 * ```
 */
export function declareTools(tools: readonly AnyTool[]): ToolDeclaration[] {
  return [...createToolset(tools).declarations];
}

/** Names of types are made from those of their tools, so different tools may come to the same. */
function withOwnTypeNames(tool: AnyTool, taken: Set<string>): DeclaredTool {
  const shared: ReadonlySet<string> = new Set(typingNames);
  const collides = (entry: DeclaredTool) =>
    [...entry.typeNames].some((name) => taken.has(name) && !shared.has(name));
  let entry = declaredTool(tool);
  for (let suffix = 2; collides(entry); suffix += 1) {
    entry = declare(tool, typePrefix(entry.declaration.pythonName) + suffix);
  }
  for (const name of entry.typeNames) taken.add(name);
  return entry;
}
