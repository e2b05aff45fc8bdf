import type { ToolDeclaration, ToolParameter } from "../../executor/tool-call.js";

function parameter(name: string, facts: Partial<Omit<ToolParameter, "name">> = {}): ToolParameter {
  return { name, pythonName: name, required: true, nullable: false, ...facts };
}

const optional = { required: false };

/** The host tools that every interpreter of the suite has. */
export const suiteTools: readonly ToolDeclaration[] = [
  {
    name: "echo",
    pythonName: "echo",
    stub: 'from typing import Any\n\ndef echo(value: Any) -> Any:\n    """Returns what it is given."""\n    ...\n',
    parameters: "value",
  },
  {
    name: "search",
    pythonName: "search",
    stub:
      "from typing import Any, Optional\n\n" +
      "def search(query: str, limit: int = 10, tag: Optional[str] = None) -> Any:\n" +
      '    """Finds things.\n\n    Args:\n        query: What to look for.\n    """\n    ...\n',
    parameters: [
      parameter("query"),
      parameter("limit", optional),
      parameter("tag", { ...optional, nullable: true }),
    ],
  },
  {
    name: "move",
    pythonName: "move",
    stub: 'def move(from_: str, to: str) -> str:\n    """Moves a thing."""\n    ...\n',
    parameters: [parameter("from", { pythonName: "from_" }), parameter("to")],
  },
  {
    name: "announce",
    pythonName: "announce",
    stub: 'from typing import Any\n\ndef announce(text: Any) -> None:\n    """Says it."""\n    ...\n',
    parameters: [parameter("text", { asText: true })],
  },
  {
    name: "now",
    pythonName: "now",
    stub: 'def now() -> str:\n    """Tells the time."""\n    ...\n',
    parameters: [],
  },
  {
    name: "wait-for",
    pythonName: "wait_for",
    stub: 'def wait_for(name: str) -> str:\n    """Waits."""\n    ...\n',
    parameters: [parameter("name")],
  },
  {
    name: "finish",
    pythonName: "finish",
    stub: 'from typing import Any\n\ndef finish(value: Any) -> None:\n    """Ends the cell."""\n    ...\n',
    parameters: "value",
  },
];
