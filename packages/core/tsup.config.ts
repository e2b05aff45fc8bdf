import { packageBuild } from "../../tsup.shared.js";

export default packageBuild({
  entry: { index: "src/index.ts", testing: "src/testing/index.ts" },
  platform: "neutral",
  inlinedTypes: ["@standard-schema/spec"],
});
