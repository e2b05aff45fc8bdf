import { packageBuild } from "../../tsup.shared.js";

export default packageBuild({
  entry: { index: "src/index.ts", cli: "src/cli/bin.ts" },
  platform: "node",
});
