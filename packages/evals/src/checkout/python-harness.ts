import { CodeActError, type Interpreter, type JsonValue } from "@codeact/core";
import upstreamSource from "./codeact_upstream.py";

/** Checkouts are large, and a slow machine imports them slowly. */
const timeoutMs = 120_000;

/** What {@link PythonHarness.load} takes. */
export interface HarnessOptions {
  /** The module's name in Python. */
  name: string;
  source: string;
  /** Modules that it imports, by name. @defaultValue only `codeact_upstream` */
  helpers?: Readonly<Record<string, string>>;
  /** What it serves, for errors. */
  about: string;
}

/** A Python module of ours in an agent's interpreter, not among the variables of the model's code. */
export class PythonHarness {
  readonly #interpreter: Interpreter;
  readonly #name: string;
  readonly #about: string;

  private constructor(interpreter: Interpreter, { name, about }: HarnessOptions) {
    this.#interpreter = interpreter;
    this.#name = name;
    this.#about = about;
  }

  /** @throws `CodeActError` with code `executor-fault` when the module cannot be loaded */
  static async load(interpreter: Interpreter, options: HarnessOptions): Promise<PythonHarness> {
    const harness = new PythonHarness(interpreter, options);
    const { name, source, helpers } = options;
    const modules = { codeact_upstream: upstreamSource, ...helpers, [name]: source };
    await harness.run(Object.entries(modules).map(define).join("\n"));
    return harness;
  }

  /**
   * Calls a function of the module, and gives what it returned.
   * @throws `CodeActError` with code `executor-fault` when it raised
   */
  async call<TResult extends JsonValue>(
    functionName: string,
    ...values: JsonValue[]
  ): Promise<TResult> {
    return JSON.parse(
      await this.run(`print(${json}.dumps(${this.#expression(functionName, values)}))`),
    ) as TResult;
  }

  /** Whether a function of the module gives `True` in time; what raises or takes longer does not. */
  async confirms(
    timeLimitMs: number,
    functionName: string,
    ...values: JsonValue[]
  ): Promise<boolean> {
    const code = `assert ${this.#expression(functionName, values)} is True`;
    const { status } = await this.#interpreter.execute(code, { timeoutMs: timeLimitMs });
    return status === "ok";
  }

  #expression(functionName: string, values: JsonValue[]): string {
    // Without an import, which would leave a name among the variables of the model's code.
    const called = `__import__("sys").modules[${JSON.stringify(this.#name)}].${functionName}`;
    const given = `${json}.loads(${JSON.stringify(JSON.stringify(values))})`;
    return `${called}(*${given})`;
  }

  /**
   * Runs code of ours beside the module, and gives what it printed.
   * @throws `CodeActError` with code `executor-fault` when it raised
   */
  async run(code: string): Promise<string> {
    const result = await this.#interpreter.execute(code, { timeoutMs });
    const { status, outputs, error, droppedBytes } = result;
    if (status === "ok" && droppedBytes === 0) {
      return outputs.flatMap((output) => (output.type === "text" ? [output.text] : [])).join("");
    }
    throw new CodeActError(
      "executor-fault",
      `${this.#about} cannot be used: ${error?.traceback ?? (status === "ok" ? "it says too much" : status)}`,
    );
  }
}

const json = '__import__("json")';

function define([name, source]: [string, string]): string {
  const [quotedName, quotedSource] = [JSON.stringify(name), JSON.stringify(source)];
  const modules = `__import__("sys").modules`;
  return `${modules}[${quotedName}] = __import__("types").ModuleType(${quotedName})
exec(compile(${quotedSource}, ${quotedName}, "exec"), ${modules}[${quotedName}].__dict__)`;
}
