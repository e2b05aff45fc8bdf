import { type AnyTool, tool } from "@codeact/core";
import { z } from "zod";
import type { Random } from "../../statistics/random.js";
import { calculateTool } from "../arithmetic.js";

const givenNames = ["Ada", "Ben", "Cleo", "Dan", "Eva", "Finn", "Gus", "Hana", "Ivo", "Jana"];
const familyNames = ["Abel", "Brandt", "Costa", "Dahl", "Eklund"];
const offices = ["Lisbon", "Oslo", "Vienna"];

/** Somebody who works for the company. */
export interface Employee {
  id: string;
  name: string;
  office: string;
  /** Euros a month. */
  salary: number;
  /** Absent for the head of the company. */
  manager?: string;
}

/** A company as a tree of employees, the head first. */
export type Company = Employee[];

/** Invents 30 employees. */
export function inventCompany(random: Random): Company {
  const names = random.shuffle(
    givenNames.flatMap((given) => familyNames.map((family) => `${given} ${family}`)),
  );
  const ids = random.shuffle(Array.from({ length: 30 }, (_, index) => `E${index + 100}`));
  return ids.map((id, index) => ({
    id,
    name: names[index] as string,
    office: random.pick(offices),
    salary: random.integer(28, 90) * 100,
    // Managers come first, so that nobody reports to himself by detours.
    ...(index > 0 && { manager: ids[random.integer(Math.floor(index / 6), index - 1)] as string }),
  }));
}

/** Those who report to somebody directly. */
export function reportsOf(company: Company, id: string): Employee[] {
  return company.filter(({ manager }) => manager === id);
}

/** Somebody and the managers above, up to the head. */
export function upwards(company: Company, id: string): Employee[] {
  const employee = employeeOf(company, id);
  return employee.manager === undefined
    ? [employee]
    : [employee, ...upwards(company, employee.manager)];
}

/** The employee of an id. */
export function employeeOf(company: Company, id: string): Employee {
  const found = company.find((employee) => employee.id === id);
  if (found === undefined) throw new Error(`There is no employee "${id}".`);
  return found;
}

/** The tools; `raise_salary` changes the company. */
export function companyTools(company: Company): AnyTool[] {
  return [
    tool({
      name: "find_employee",
      description: "The id of the employee of a name.",
      inputSchema: z.object({ name: z.string() }),
      outputSchema: z.string(),
      execute: ({ name }) => {
        const found = company.find((employee) => employee.name === name);
        if (found === undefined) throw new Error(`Nobody has the name "${name}".`);
        return found.id;
      },
    }),
    tool({
      name: "get_employee",
      description:
        "Name, office, monthly salary in euros and the id of the manager, which is empty for the head of the company.",
      inputSchema: z.object({ id: z.string() }),
      outputSchema: z.object({
        name: z.string(),
        office: z.string(),
        salary: z.int(),
        manager: z.string(),
      }),
      execute: ({ id }) => {
        const { name, office, salary, manager = "" } = employeeOf(company, id);
        return { name, office, salary, manager };
      },
    }),
    tool({
      name: "list_reports",
      description: "The ids of those who report to an employee directly.",
      inputSchema: z.object({ id: z.string() }),
      outputSchema: z.array(z.string()),
      execute: ({ id }) => reportsOf(company, employeeOf(company, id).id).map((each) => each.id),
    }),
    tool({
      name: "raise_salary",
      description: "Raises a monthly salary by an amount in euros; gives the new salary.",
      inputSchema: z.object({ id: z.string(), euros: z.int().min(1) }),
      outputSchema: z.int(),
      execute: ({ id, euros }) => {
        const employee = employeeOf(company, id);
        employee.salary += euros;
        return employee.salary;
      },
    }),
    calculateTool,
  ];
}
