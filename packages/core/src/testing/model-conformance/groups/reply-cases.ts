import type { Usage } from "../../../model/usage.js";
import { checkEqual, settles } from "../../executor-conformance/assertions.js";
import { ListenedSignal } from "../listened-signal.js";
import type { ModelCase, ModelCaseGroup } from "../model-case.js";
import type { ModelTopic } from "../model-topic.js";
import { answer, finishOf, hello, reasoningOf, textOf } from "../requests.js";

/** A family of four, flags, an accent of its own, and characters of every length in UTF-8. */
const unicode = "é ß 漢字 👩‍👩‍👧‍👦 🇪🇺 e\u0301 \u{10FFFD} end";

function usageCase(name: string, needs: readonly ModelTopic[], usage: Usage): ModelCase {
  return {
    name,
    needs: ["usage", ...needs],
    async run(subject) {
      const { model } = subject;
      subject.reply({ text: ["a"], usage });
      const found = finishOf(await answer(model)).usage ?? {};
      // What is none may also be absent.
      checkEqual({ ...noDetails, ...found }, { ...noDetails, ...usage }, "usage");
    },
  };
}

const noDetails: Usage = { cachedInputTokens: 0, reasoningTokens: 0 };

/** Text, its end, and what it cost. */
export const replyGroup: ModelCaseGroup = {
  name: "replies",
  cases: [
    {
      name: "joins to the whole text",
      async run(subject) {
        const { model } = subject;
        subject.reply({ text: ["Hel", "lo", " wor", "l", "d.\n", "\n  "] });
        const events = await answer(model);
        checkEqual(textOf(events), "Hello world.\n\n  ", "text");
        checkEqual(finishOf(events).reason, "stop", "reason");
      },
    },
    {
      name: "streams text before the reply is complete",
      needs: ["stalls"],
      async run(subject) {
        const { model } = subject;
        subject.fault("stall", ["first"]);
        const events = model.generate(hello())[Symbol.asyncIterator]();
        const { value, done } = await settles(events.next(), "the first event");
        checkEqual([done, value], [false, { type: "text", text: "first" }], "first event");
        await settles(Promise.resolve(events.return?.()), "leaving the stream");
      },
    },
    {
      name: "keeps characters whole however their bytes arrive",
      async run(subject) {
        const { model } = subject;
        for (const pieceBytes of [1, 2, 3, 5, 7]) {
          subject.reply({ text: [unicode, unicode], pieceBytes });
          checkEqual(textOf(await answer(model)), unicode + unicode, `pieces of ${pieceBytes}`);
        }
      },
    },
    {
      name: "takes a reply of one megabyte",
      async run(subject) {
        const { model } = subject;
        const piece = `${"0123456789".repeat(100)}\n`;
        subject.reply({ text: Array.from({ length: 1_000 }, () => piece) });
        checkEqual(textOf(await answer(model)) === piece.repeat(1_000), true, "same text");
      },
    },
    {
      name: "takes one megabyte in one piece",
      async run(subject) {
        const { model } = subject;
        const text = "é".repeat(500_000);
        subject.reply({ text: [text] });
        checkEqual(textOf(await answer(model)) === text, true, "same text");
      },
    },
    {
      name: "says that the output limit cut the reply",
      async run(subject) {
        const { model } = subject;
        subject.reply({ text: ["cut"], reason: "length" });
        checkEqual(finishOf(await answer(model)).reason, "length", "reason");
      },
    },
    {
      name: "keeps reasoning apart from text",
      async run(subject) {
        const { model } = subject;
        subject.reply({ text: ["spoken"], reasoning: "thought" });
        const events = await answer(model);
        checkEqual(textOf(events), "spoken", "text");
        const reasoning = reasoningOf(events);
        checkEqual(reasoning === "thought" || reasoning === "", true, `reasoning "${reasoning}"`);
      },
    },
    usageCase("reports tokens", [], { inputTokens: 7, outputTokens: 3 }),
    usageCase("reports cached tokens as part of the input", ["cached-usage"], {
      inputTokens: 100,
      outputTokens: 50,
      cachedInputTokens: 60,
    }),
    usageCase("reports reasoning tokens as part of the output", ["reasoning-usage"], {
      inputTokens: 100,
      outputTokens: 50,
      reasoningTokens: 20,
    }),
    {
      name: "estimates no tokens",
      needs: ["no-usage"],
      async run(subject) {
        const { model } = subject;
        subject.reply({ text: ["a"] });
        const usage = finishOf(await answer(model)).usage ?? {};
        checkEqual([usage.inputTokens, usage.outputTokens], [undefined, undefined], "tokens");
      },
    },
    {
      name: "answers requests side by side",
      async run(subject) {
        const { model } = subject;
        subject.reply({ text: ["one ", "and ", "whole"] });
        const answers = await Promise.all(Array.from({ length: 8 }, () => answer(model)));
        checkEqual(answers.map(textOf), Array(8).fill("one and whole"), "texts");
      },
    },
    {
      name: "leaves nothing on the signal",
      async run(subject) {
        const { model } = subject;
        subject.reply({ text: ["a"] });
        const listened = new ListenedSignal();
        await answer(model, hello({ signal: listened.signal }));
        checkEqual(listened.listeners, 0, "listeners on the signal");
        listened.abort(new Error("too late"));
      },
    },
  ],
};
