// For `node --import`: makes `import source from "./x.py"` work in the process.
import module from "node:module";
import { load } from "./python-source.mjs";

// Node 20 has only `register`, which newer versions deprecate.
if (module.registerHooks) module.registerHooks({ load });
else module.register("./python-source.mjs", import.meta.url);
