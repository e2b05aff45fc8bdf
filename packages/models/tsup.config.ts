import { packageBuild } from "../../tsup.shared.js";

export default packageBuild({
  entry: {
    openai: "src/openai/index.ts",
    "ai-sdk": "src/ai-sdk/index.ts",
    llama: "src/llama/index.ts",
    recorded: "src/recorded/index.ts",
  },
  platform: "neutral",
});
