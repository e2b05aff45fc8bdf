import { z } from "zod";
import { call, callForText } from "../../suite/oracle.js";
import type { EvalTask } from "../../suite/task.js";
import { inventTasks, inventUntil, type Template } from "../template.js";
import {
  checksum,
  type Intercepts,
  reverse,
  rotate,
  signalTools,
  toHex,
  vocabulary,
} from "./world.js";

const message = (number: number) => callForText("get_message", { number });
const turn = (text: string, places: number) => callForText("rotate", { text, places });
const unhex = (text: string) => callForText("from_hex", { text });
const backwards = (text: string) => callForText("reverse_text", { text });
const check = (text: string) => call<number>("checksum", { text });
const begin = (intercepts: Intercepts) => () => ({ tools: signalTools(intercepts) });

const findRotation: Template = {
  name: "find-rotation",
  invent(random) {
    const { word, places } = inventUntil(
      () => ({ word: random.pick(vocabulary), places: random.integer(3, 6) }),
      (invented) =>
        [1, 2, 3, 4, 5, 6].every(
          (tried) =>
            tried === invented.places ||
            checksum(rotate(invented.word, 26 + invented.places - tried)) !==
              checksum(invented.word),
        ),
    );
    const intercepts = [rotate(word, places)];
    return {
      prompt: `Message 1 is a word whose letters were shifted by 1 to 6 places. Before that, its checksum was ${checksum(word)}. Shift it back: what is the word? Answer with the word only.`,
      answerSchema: z.string(),
      expected: word,
      begin: begin(intercepts),
      oracle: {
        python: `texts = [rotate(get_message(1), places) for places in range(1, 7)]
final_answer(next(text for text in texts if checksum(text) == ${checksum(word)}))`,
        *steps() {
          const text = yield* message(1);
          for (let tried = 1; tried <= 6; tried++) {
            const turned = yield* turn(text, tried);
            if ((yield* check(turned)) === checksum(word)) return turned;
          }
          return "";
        },
      },
    };
  },
};

const recipe: Template = {
  name: "recipe",
  invent(random) {
    const [word = "", key = ""] = random.shuffle(vocabulary);
    const places = checksum(key) % 7;
    const intercepts = [reverse(key), toHex(reverse(rotate(word, places)))];
    return {
      prompt: `Message 1 is a key word, written backwards. Message 2 is hexadecimal; read as text it is backwards too, and its letters were shifted by as many places as the checksum of the key word leaves when divided by 7. What does message 2 say? Answer with the word only.`,
      answerSchema: z.string(),
      expected: word,
      begin: begin(intercepts),
      oracle: {
        python: `key = reverse_text(get_message(1))
text = reverse_text(from_hex(get_message(2)))
final_answer(rotate(text, checksum(key) % 7))`,
        *steps() {
          const found = yield* check(yield* backwards(yield* message(1)));
          const text = yield* backwards(yield* unhex(yield* message(2)));
          return yield* turn(text, found % 7);
        },
      },
    };
  },
};

const fragments: Template = {
  name: "fragments",
  invent(random) {
    const words = random.shuffle(vocabulary).slice(0, 4);
    const intercepts = random.shuffle(words.map((word, index) => toHex(`${index + 1} ${word}`)));
    return {
      prompt: `Messages 1 to 4 are hexadecimal. Each is a number and a word. Put the words in the order of their numbers. Answer with the list of the four words.`,
      answerSchema: z.array(z.string()),
      expected: words,
      begin: begin(intercepts),
      oracle: {
        python: `texts = sorted(from_hex(get_message(number)) for number in range(1, 5))
final_answer([text.split()[1] for text in texts])`,
        *steps() {
          const texts: string[] = [];
          for (let number = 1; number <= 4; number++) {
            texts.push(yield* unhex(yield* message(number)));
          }
          return texts.sort().map((text) => text.split(" ")[1] ?? "");
        },
      },
    };
  },
};

const damaged: Template = {
  name: "damaged",
  invent(random) {
    const bad = random.integer(1, 5);
    const intercepts = random
      .shuffle(vocabulary)
      .slice(0, 5)
      .map((word, index) => {
        const sum = checksum(word) + (index + 1 === bad ? random.integer(1, 9) : 0);
        return `${word} ${sum}`;
      });
    return {
      prompt: `Messages 1 to 5 are each a word and its checksum. One was damaged: its checksum is not that of its word. Which message is it? Answer with its number.`,
      answerSchema: z.number(),
      expected: bad,
      begin: begin(intercepts),
      oracle: {
        python: `for number in range(1, 6):
    word, claimed = get_message(number).split()
    if checksum(word) != int(claimed):
        final_answer(number)`,
        *steps() {
          for (let number = 1; number <= 5; number++) {
            const [word = "", claimed] = (yield* message(number)).split(" ");
            if ((yield* check(word)) !== Number(claimed)) return number;
          }
          return 0;
        },
      },
    };
  },
};

/** Messages to decode step by step. */
export function signalTasks(): EvalTask[] {
  return inventTasks("signals", [findRotation, recipe, fragments, damaged]);
}
