import { z } from "zod";
import { call, callForText, type OracleSteps } from "../../suite/oracle.js";
import type { EvalTask } from "../../suite/task.js";
import { inventTasks, inventUntil, python, type Template } from "../template.js";
import {
  type Company,
  companyTools,
  type Employee,
  inventCompany,
  reportsOf,
  upwards,
} from "./world.js";

type Person = { name: string; office: string; salary: number; manager: string };

const find = (name: string) => callForText("find_employee", { name });
const look = (id: string) => call<Person>("get_employee", { id });
const reports = (id: string) => call<string[]>("list_reports", { id });
const begin = (company: Company) => () => ({ tools: companyTools(structuredClone(company)) });

/** The names from somebody up to the head. */
function* namesUpwards(name: string): OracleSteps<string[]> {
  const names: string[] = [];
  for (let id = yield* find(name); id !== ""; ) {
    const person = yield* look(id);
    names.push(person.name);
    id = person.manager;
  }
  return names;
}

const pythonUpwards = `def upwards(name):
    names, current = [], find_employee(name)
    while current:
        person = get_employee(current)
        names.append(person["name"])
        current = person["manager"]
    return names
`;

const managersAbove: Template = {
  name: "managers-above",
  invent(random) {
    const { company, name, above } = inventUntil(
      () => {
        const invented = inventCompany(random);
        const { id, name: asked } = random.pick(invented);
        return { company: invented, name: asked, above: upwards(invented, id).length - 1 };
      },
      (invented) => invented.above >= 3 && invented.above <= 8,
    );
    return {
      prompt: `How many managers are there above ${name}, up to and including the head of the company? Answer with the number.`,
      answerSchema: z.number(),
      expected: above,
      begin: begin(company),
      oracle: {
        python: `${pythonUpwards}\nfinal_answer(len(upwards(${python(name)})) - 1)`,
        *steps() {
          return (yield* namesUpwards(name)).length - 1;
        },
      },
    };
  },
};

const teamSalary: Template = {
  name: "team-salary",
  invent(random) {
    const { company, manager, team } = inventUntil(
      () => {
        const invented = inventCompany(random);
        const head = random.pick(invented);
        const direct = reportsOf(invented, head.id);
        const all = direct.flatMap((each) => [each, ...reportsOf(invented, each.id)]);
        return { company: invented, manager: head, team: all, direct };
      },
      (invented) =>
        invented.direct.length >= 2 &&
        invented.team.length - invented.direct.length >= 1 &&
        invented.direct.length + invented.team.length <= 11,
    );
    return {
      prompt: `What do those who report to ${manager.name} directly, and those who report directly to one of them, earn together in a month? Answer with the number of euros.`,
      answerSchema: z.number(),
      expected: team.reduce((sum, { salary }) => sum + salary, 0),
      begin: begin(company),
      oracle: {
        python: `direct = list_reports(find_employee(${python(manager.name)}))
team = direct + [each for report in direct for each in list_reports(report)]
final_answer(sum(get_employee(each)["salary"] for each in team))`,
        *steps() {
          const direct = yield* reports(yield* find(manager.name));
          const team = [...direct];
          for (const id of direct) team.push(...(yield* reports(id)));
          let total = 0;
          for (const id of team) total += (yield* look(id)).salary;
          return total;
        },
      },
    };
  },
};

const commonManager: Template = {
  name: "common-manager",
  invent(random) {
    const { company, left, right, common } = inventUntil(
      () => {
        const invented = inventCompany(random);
        const [first, second] = random.shuffle(invented) as [Employee, Employee];
        const above = upwards(invented, first.id);
        const shared = upwards(invented, second.id).filter((each) => above.includes(each));
        return { company: invented, left: first, right: second, common: shared };
      },
      ({ company: all, left: first, right: second, common: [lowest] }) =>
        lowest !== first &&
        lowest !== second &&
        lowest?.manager !== undefined &&
        upwards(all, first.id).length + upwards(all, second.id).length <= 12,
    );
    return {
      prompt: `Who is the lowest manager above both ${left.name} and ${right.name}? Answer with the name only.`,
      answerSchema: z.string(),
      expected: common[0]?.name ?? "",
      begin: begin(company),
      oracle: {
        python: `${pythonUpwards}
above = upwards(${python(left.name)})
final_answer(next(name for name in upwards(${python(right.name)}) if name in above))`,
        *steps() {
          const above = yield* namesUpwards(left.name);
          const names = yield* namesUpwards(right.name);
          return names.find((name) => above.includes(name)) ?? "";
        },
      },
    };
  },
};

const raises: Template = {
  name: "raises",
  invent(random) {
    const euros = random.integer(5, 30) * 10;
    const { company, manager, raised } = inventUntil(
      () => {
        const invented = inventCompany(random);
        const head = random.pick(invented);
        const direct = reportsOf(invented, head.id);
        const there = direct.filter(({ office }) => office === head.office);
        return { company: invented, manager: head, raised: there, others: direct.length };
      },
      (invented) =>
        invented.raised.length >= 2 &&
        invented.others > invented.raised.length &&
        invented.others <= 7,
    );
    const ids = raised.map(({ id }) => id);
    return {
      prompt: `Everybody who reports to ${manager.name} directly and works in the same office as ${manager.name} gets ${euros} euros more. Raise their salaries, each once, then answer with how many they are.`,
      answerSchema: z.number(),
      expected: ids.length,
      begin: () => {
        const own = structuredClone(company);
        const wanted = own.map(({ id, salary }) => salary + (ids.includes(id) ? euros : 0));
        return {
          tools: companyTools(own),
          isAsWanted: () => own.every(({ salary }, index) => salary === wanted[index]),
        };
      },
      oracle: {
        python: `manager = find_employee(${python(manager.name)})
office = get_employee(manager)["office"]
team = [each for each in list_reports(manager) if get_employee(each)["office"] == office]
for each in team:
    raise_salary(each, ${euros})
final_answer(len(team))`,
        *steps() {
          const head = yield* find(manager.name);
          const { office } = yield* look(head);
          let count = 0;
          for (const id of yield* reports(head)) {
            if ((yield* look(id)).office !== office) continue;
            yield* call<number>("raise_salary", { id, euros });
            count += 1;
          }
          return count;
        },
      },
    };
  },
};

/** Questions on who reports to whom, and one that changes salaries. */
export function companyTasks(): EvalTask[] {
  return inventTasks("company", [managersAbove, teamSalary, commonManager, raises]);
}
