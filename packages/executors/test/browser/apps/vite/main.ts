import { showAnswer } from "../agent.js";

await showAnswer({
  worker: () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }),
});
