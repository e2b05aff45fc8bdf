import type { Executor, Interpreter } from "../../executor/executor.js";
import type { ConformanceCase, ConformanceContext } from "./conformance-case.js";
import { suiteTools } from "./suite-tools.js";

/** Makes the executor under test. */
export type ExecutorFactory = () => Executor | Promise<Executor>;

/** Gives cases their interpreters, and closes all of them. */
export class CaseRunner {
  readonly #factory: ExecutorFactory;
  #executor: Promise<Executor> | undefined;
  #shared: Promise<Interpreter> | undefined;

  constructor(factory: ExecutorFactory) {
    this.#factory = factory;
  }

  async run(conformanceCase: ConformanceCase): Promise<void> {
    const opened: { close(): Promise<void> }[] = [];
    const keep = <T extends { close(): Promise<void> }>(resource: T): T => {
      opened.push(resource);
      return resource;
    };
    const context: ConformanceContext = {
      shared: () => this.#sharedInterpreter(),
      fresh: async () => keep(await (await this.#sharedExecutor()).start({ tools: suiteTools })),
      newExecutor: async () => keep(await this.#factory()),
      run: async (code, options) => (await this.#sharedInterpreter()).execute(code, options),
    };
    let passed = false;
    try {
      await conformanceCase.run(context);
      passed = true;
    } finally {
      if (!passed || (await this.#shared)?.state !== "idle") await this.#dropShared();
      for (const resource of opened) await resource.close();
    }
  }

  async close(): Promise<void> {
    await this.#dropShared();
    const executor = this.#executor;
    this.#executor = undefined;
    await (await executor)?.close();
  }

  async #sharedExecutor(): Promise<Executor> {
    this.#executor ??= Promise.resolve(this.#factory());
    return this.#executor;
  }

  async #sharedInterpreter(): Promise<Interpreter> {
    this.#shared ??= this.#sharedExecutor().then((executor) =>
      executor.start({ tools: suiteTools }),
    );
    return this.#shared;
  }

  async #dropShared(): Promise<void> {
    const shared = this.#shared;
    this.#shared = undefined;
    // A start that failed has failed its case already.
    const interpreter = await shared?.catch(() => undefined);
    await interpreter?.close();
  }
}
