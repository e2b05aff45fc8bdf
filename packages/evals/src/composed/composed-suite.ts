import { formatNames } from "../suite/format.js";
import type { Suite } from "../suite/task.js";
import { withTaskHash } from "../suite/task-hash.js";
import { archiveTasks } from "./archive/tasks.js";
import { companyTasks } from "./company/tasks.js";
import { ledgerTasks } from "./ledger/tasks.js";
import { railwayTasks } from "./railway/tasks.js";
import { signalTasks } from "./signals/tasks.js";
import { warehouseTasks } from "./warehouse/tasks.js";

/**
 * The library's own suite: 72 tasks in six families that take several calls of several tools. Their
 * worlds are invented by seeded numbers, so that they are the same everywhere; answers are computed
 * from the worlds, and each task has an oracle that solves it in every format.
 *
 * @example
 * ```ts
 * const suite = composedSuite();
 * console.log(suite.tasks.length); // 72
 * ```
 */
export function composedSuite(): Suite {
  return withTaskHash({
    name: "composed",
    formats: formatNames,
    tasks: [
      ...archiveTasks(),
      ...companyTasks(),
      ...ledgerTasks(),
      ...railwayTasks(),
      ...signalTasks(),
      ...warehouseTasks(),
    ],
  });
}
