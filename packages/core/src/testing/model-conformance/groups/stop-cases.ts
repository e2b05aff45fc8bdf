import { checkEqual } from "../../executor-conformance/assertions.js";
import type { ModelCase, ModelCaseGroup } from "../model-case.js";
import { answer, finishOf, hello, reasoningOf, textOf } from "../requests.js";

function cutCase(
  name: string,
  text: readonly string[],
  expected: string,
  stop: readonly string[] = ["STOP"],
): ModelCase {
  return {
    name,
    needs: ["stop"],
    async run(subject) {
      const { model } = subject;
      subject.reply({ text });
      const events = await answer(model, hello({ stop }));
      checkEqual(textOf(events), expected, "text");
      checkEqual(finishOf(events).reason, "stop", "reason");
    },
  };
}

/** Stop strings, with an API that ignores them. */
export const stopGroup: ModelCaseGroup = {
  name: "stop strings",
  cases: [
    cutCase("end the text", ["one STOP two"], "one "),
    cutCase("end the text across pieces", ["one S", "T", "O", "P two", " three"], "one "),
    cutCase("end the text at its begin", ["STOP", " two"], ""),
    cutCase("end nothing that only begins like them", ["one ST", "ART ", "STO"], "one START STO"),
    cutCase("may be more than APIs take", ["one six two"], "one ", [
      "first",
      "second",
      "third",
      "fourth",
      "fifth",
      "six",
    ]),
    cutCase("that are empty are none", ["one"], "one", [""]),
    {
      name: "end a reply that would go on",
      needs: ["stop", "stalls"],
      async run(subject) {
        const { model } = subject;
        subject.fault("stall", ["one STOP two"]);
        const events = await answer(model, hello({ stop: ["STOP"] }));
        checkEqual(textOf(events), "one ", "text");
        checkEqual(finishOf(events).reason, "stop", "reason");
      },
    },
    {
      name: "within reasoning end nothing",
      needs: ["stop"],
      async run(subject) {
        const { model } = subject;
        subject.reply({ text: ["spoken"], reasoning: "thought STOP thought" });
        const events = await answer(model, hello({ stop: ["STOP"] }));
        checkEqual(textOf(events), "spoken", "text");
        checkEqual(reasoningOf(events).replace("thought STOP thought", ""), "", "reasoning");
      },
    },
  ],
};
