import { packageBuild } from "../../tsup.shared.js";

export default packageBuild({
  entry: {
    llama: "src/llama/index.ts",
    openai: "src/openai/index.ts",
    recorded: "src/recorded/index.ts",
  },
  platform: "neutral",
});
