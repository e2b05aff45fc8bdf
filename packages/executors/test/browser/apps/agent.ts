import { Agent, CodeActError, tool } from "@codeact/core";
import { ScriptedModel } from "@codeact/core/testing";
import { PyodideExecutor, type PyodideExecutorOptions } from "@codeact/executors/pyodide";
import { z } from "zod";

/** What both applications do: shows an agent's answer as the title, or why there is none. */
export async function showAnswer(options: PyodideExecutorOptions): Promise<void> {
  const executor = new PyodideExecutor({ ...options, indexUrl: "/pyodide/" });
  const agent = new Agent({
    model: new ScriptedModel([
      "<execute>\nbest = max(['Oslo', 'Rome'], key=lambda city: celsius(city))\nbest\n</execute>",
      "<execute>final_answer(f'{best}, {celsius(best)} degrees')</execute>",
    ]),
    executor,
    tools: [
      tool({
        name: "celsius",
        description: "How warm it is.",
        inputSchema: z.object({ city: z.string() }),
        execute: async ({ city }) => (city === "Rome" ? 31 : 12),
      }),
    ],
  });
  try {
    const result = await agent.run("Which city is warmer?");
    document.title = result.status === "answered" ? result.output : result.status;
  } catch (error) {
    document.title = CodeActError.isInstance(error) ? `${error.code}: ${error.message}` : "failed";
  } finally {
    await executor.close();
  }
}
