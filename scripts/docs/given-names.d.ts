// Names that the fences of the documentation take as given: parts of a reader's own program.
import type {
  Agent,
  AgentResult,
  AgentSession,
  AgentStream,
  Executor,
  Model,
  Tool,
} from "@codeact/core";

declare global {
  const model: Model;
  const executor: Executor;
  const weather: Tool;
  const findUser: Tool;
  const tools: readonly Tool[];
  const agent: Agent;
  const session: AgentSession;
  const result: AgentResult<string>;
  const stream: AgentStream;

  /** A lookup of the application. */
  function lookUp(city: string, signal: AbortSignal): Promise<{ celsius: number }>;
  const database: { orders(customerId: string, limit: number): Promise<{ id: string }[]> };
  const catalogue: { search(query: string): Promise<string[]> };
  const flights: {
    search(
      from: string,
      to: string,
      seats: number,
      signal: AbortSignal,
    ): Promise<{ number: string; euros: number }[]>;
  };
  function installPython(): void;

  /** A model of one's own, and a test server for it. */
  class MyModel implements Model {
    constructor(options: { url: string; idleTimeoutMs?: number });
    readonly id: string;
    readonly generate: Model["generate"];
  }
  function startServer(): Promise<{
    url: string;
    requestBodies: string[];
    openAnswers: number;
    willSay(pieces: readonly string[]): void;
    willRefuse(status: number, message: string): void;
    close(): Promise<void>;
  }>;
}
