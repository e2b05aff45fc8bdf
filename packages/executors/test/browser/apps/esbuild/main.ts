import { showAnswer } from "../agent.js";

await showAnswer({});
