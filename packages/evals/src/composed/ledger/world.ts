import { type AnyTool, tool } from "@codeact/core";
import { z } from "zod";
import type { Random } from "../../statistics/random.js";
import { calculateTool } from "../arithmetic.js";

const currencies = ["CHF", "EUR", "NOK", "PLN"];
const kinds = ["card", "fee", "rent", "shop"] as const;
const entriesPerPage = 6;

/** The owners of accounts. */
export const owners = ["Alva", "Bodo", "Cira", "Dorn"];

/** What left an account. */
export interface Entry {
  id: string;
  kind: (typeof kinds)[number];
  /** In the account's currency. */
  amount: number;
}

/** An account with what left it. */
export interface Account {
  id: string;
  owner: string;
  currency: string;
  balance: number;
  entries: Entry[];
}

/** Accounts, and what currencies are worth. */
export interface Ledger {
  accounts: Account[];
  /** Euros for one unit. */
  rates: Record<string, number>;
}

/** Invents three accounts for each owner, two of them of one currency. */
export function inventLedger(random: Random): Ledger {
  const rates = Object.fromEntries(
    currencies.map((currency) => [currency, currency === "EUR" ? 1 : random.integer(8, 130) / 100]),
  );
  const accounts = owners.flatMap((owner, ownerIndex) => {
    const [first = "", second = ""] = random.shuffle(currencies);
    return random.shuffle([first, first, second]).map((currency, index): Account => {
      const id = `A${ownerIndex + 1}${index + 1}`;
      return {
        id,
        owner,
        currency,
        balance: random.integer(100, 4000) * 2,
        entries: Array.from({ length: random.integer(7, 17) }, (_, number) => ({
          id: `${id}-${number + 1}`,
          kind: random.pick(kinds),
          amount: random.integer(3, 900),
        })),
      };
    });
  });
  return { accounts, rates };
}

/** The account of an id. */
export function accountOf({ accounts }: Ledger, id: string): Account {
  const found = accounts.find((account) => account.id === id);
  if (found === undefined) throw new Error(`There is no account "${id}".`);
  return found;
}

/** The accounts of an owner. */
export function accountsOf({ accounts }: Ledger, owner: string): Account[] {
  return accounts.filter((account) => account.owner === owner);
}

/** The tools; `transfer` changes the ledger. */
export function ledgerTools(ledger: Ledger): AnyTool[] {
  return [
    tool({
      name: "list_accounts",
      description: "The ids of the accounts of an owner.",
      inputSchema: z.object({ owner: z.string() }),
      outputSchema: z.array(z.string()),
      execute: ({ owner }) => accountsOf(ledger, owner).map(({ id }) => id),
    }),
    tool({
      name: "get_account",
      description: "The currency and the balance of an account.",
      inputSchema: z.object({ account: z.string() }),
      outputSchema: z.object({ currency: z.string(), balance: z.number() }),
      execute: ({ account }) => {
        const { currency, balance } = accountOf(ledger, account);
        return { currency, balance };
      },
    }),
    tool({
      name: "list_payments",
      description: `What was paid from an account, ${entriesPerPage} payments on a page.`,
      inputSchema: z.object({ account: z.string(), page: z.int().min(1).default(1) }),
      outputSchema: z.object({
        payments: z.array(z.object({ id: z.string(), kind: z.string(), amount: z.number() })),
        pages: z.int(),
      }),
      execute: ({ account, page }) => {
        const { entries } = accountOf(ledger, account);
        return {
          payments: entries.slice((page - 1) * entriesPerPage, page * entriesPerPage),
          pages: Math.ceil(entries.length / entriesPerPage),
        };
      },
    }),
    tool({
      name: "get_rate",
      description: "How many euros one unit of a currency is worth.",
      inputSchema: z.object({ currency: z.string() }),
      outputSchema: z.number(),
      execute: ({ currency }) => {
        const rate = ledger.rates[currency];
        if (rate === undefined) throw new Error(`There is no currency "${currency}".`);
        return rate;
      },
    }),
    tool({
      name: "transfer",
      description:
        "Moves money between two accounts of the same currency; gives the new balance of the first.",
      inputSchema: z.object({
        origin: z.string(),
        destination: z.string(),
        amount: z.number().positive(),
      }),
      outputSchema: z.number(),
      execute: ({ origin, destination, amount }) => {
        const [from, to] = [accountOf(ledger, origin), accountOf(ledger, destination)];
        if (from.currency !== to.currency) throw new Error("Their currencies differ.");
        if (from.balance < amount) throw new Error(`${origin} has only ${from.balance}.`);
        from.balance -= amount;
        to.balance += amount;
        return from.balance;
      },
    }),
    calculateTool,
  ];
}
