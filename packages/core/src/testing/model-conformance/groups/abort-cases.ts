import { check, checkEqual, settles } from "../../executor-conformance/assertions.js";
import { ListenedSignal } from "../listened-signal.js";
import type { ModelCase, ModelCaseGroup } from "../model-case.js";
import { answer, failureOf, hello, textOf, until } from "../requests.js";

const reason = new Error("The user left.");

function midwayCase(name: string, after: readonly string[]): ModelCase {
  return {
    name,
    needs: ["stalls"],
    async run(subject) {
      const { model } = subject;
      subject.fault("stall", after);
      const listened = new ListenedSignal();
      const failure = failureOf(model, hello({ signal: listened.signal }));
      await until(() => subject.requests.length === 1, "the request");
      listened.abort(reason);
      const { error } = await failure;
      check(error === reason, `threw ${String(error)} instead of the signal's reason`);
      checkEqual(listened.listeners, 0, "listeners on the signal");
    },
  };
}

/** Ending a request early. */
export const abortGroup: ModelCaseGroup = {
  name: "abort",
  cases: [
    {
      name: "before the request sends nothing",
      async run(subject) {
        subject.reply({ text: ["a"] });
        const signal = AbortSignal.abort(reason);
        const { error } = await failureOf(subject.model, hello({ signal }));
        check(error === reason, `threw ${String(error)} instead of the signal's reason`);
        checkEqual(subject.requests.length, 0, "requests");
      },
    },
    midwayCase("while the API is silent ends the request", []),
    midwayCase("in the middle of the reply ends the request", ["first"]),
    {
      name: "between two events gives out no more of them",
      async run(subject) {
        const { model } = subject;
        subject.reply({ text: ["a", "b", "c"] });
        const controller = new AbortController();
        let text = "";
        const read = async (): Promise<unknown> => {
          try {
            for await (const event of model.generate(hello({ signal: controller.signal }))) {
              text += event.type === "text" ? event.text : ` ${event.type}`;
              controller.abort(reason);
            }
            return undefined;
          } catch (error) {
            return error;
          }
        };
        const error = await settles(read(), "the aborted request");
        check(error === reason, `threw ${String(error)} instead of the signal's reason`);
        check("abc".startsWith(text), `gave out ${JSON.stringify(text)}`);
      },
    },
    {
      name: "ends only its own request",
      needs: ["stalls"],
      async run(subject) {
        const { model } = subject;
        subject.fault("stall", ["first"]);
        const controller = new AbortController();
        const failure = failureOf(model, hello({ signal: controller.signal }));
        await until(() => subject.requests.length === 1, "the request");
        subject.reply({ text: ["other"] });
        const other = answer(model);
        controller.abort(reason);
        check((await failure).error === reason, "threw another reason");
        checkEqual(textOf(await other), "other", "the other request");
      },
    },
    {
      name: "is not needed to leave a stream",
      needs: ["stalls"],
      async run(subject) {
        const { model } = subject;
        subject.fault("stall", ["first"]);
        const listened = new ListenedSignal();
        const leave = async (): Promise<void> => {
          for await (const event of model.generate(hello({ signal: listened.signal }))) {
            if (event.type === "text") break;
          }
        };
        await settles(leave(), "leaving the stream");
        checkEqual(listened.listeners, 0, "listeners on the signal");
      },
    },
  ],
};
