import type { Executor } from "@codeact/core";
import { describeExecutor } from "@codeact/core/testing";

/** The cases of the conformance suite, which somebody else runs. */
export interface CollectedCases {
  /** By group and name. */
  cases: ReadonlyMap<string, () => Promise<void>>;
  end: () => Promise<void>;
}

/** Collects them; each runs against an executor that `factory` makes. */
export function collectCases(factory: () => Executor): CollectedCases {
  const cases = new Map<string, () => Promise<void>>();
  const names: string[] = [];
  const endings: (() => Promise<void>)[] = [];
  describeExecutor("executor", factory, {
    suite: {
      describe(name, body) {
        names.push(name);
        body();
        names.pop();
      },
      it(name, body) {
        cases.set([...names.slice(1), name].join(" "), body);
      },
      afterAll(body) {
        endings.push(body);
      },
    },
  });
  return {
    cases,
    end: async () => {
      for (const ending of endings) await ending();
    },
  };
}
