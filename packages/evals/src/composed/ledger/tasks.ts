import { z } from "zod";
import { call, type OracleSteps } from "../../suite/oracle.js";
import type { EvalTask } from "../../suite/task.js";
import { inventTasks, inventUntil, python, type Template } from "../template.js";
import { accountOf, accountsOf, inventLedger, type Ledger, ledgerTools, owners } from "./world.js";

type Payment = { id: string; kind: string; amount: number };

const listAccounts = (owner: string) => call<string[]>("list_accounts", { owner });
const look = (account: string) =>
  call<{ currency: string; balance: number }>("get_account", { account });
const begin = (ledger: Ledger) => () => ({ tools: ledgerTools(structuredClone(ledger)) });

function* paymentsOf(account: string): OracleSteps<Payment[]> {
  const all: Payment[] = [];
  for (let page = 1, pages = 1; page <= pages; page++) {
    const listed = yield* call<{ payments: Payment[]; pages: number }>("list_payments", {
      account,
      page,
    });
    pages = listed.pages;
    all.push(...listed.payments);
  }
  return all;
}

const pythonPayments = `def payments(account):
    pages = list_payments(account)["pages"]
    return [each for page in range(1, pages + 1) for each in list_payments(account, page)["payments"]]
`;

const netWorth: Template = {
  name: "net-worth",
  invent(random) {
    const ledger = inventLedger(random);
    const owner = random.pick(owners);
    const cents = accountsOf(ledger, owner).map(({ balance, currency }) =>
      Math.round(balance * (ledger.rates[currency] ?? 0) * 100),
    );
    return {
      prompt: `What are the balances of all accounts of ${owner} worth together, in euros? Answer with the number, to the cent.`,
      answerSchema: z.number(),
      expected: cents.reduce((sum, each) => sum + each, 0) / 100,
      begin: begin(ledger),
      oracle: {
        python: `accounts = [get_account(each) for each in list_accounts(${python(owner)})]
final_answer(round(sum(each["balance"] * get_rate(each["currency"]) for each in accounts), 2))`,
        *steps() {
          let total = 0;
          for (const account of yield* listAccounts(owner)) {
            const { balance, currency } = yield* look(account);
            total += balance * (yield* call<number>("get_rate", { currency }));
          }
          return Math.round(total * 100) / 100;
        },
      },
    };
  },
};

const spentOn: Template = {
  name: "spent-on",
  invent(random) {
    const kind = random.pick(["card", "fee", "rent", "shop"]);
    const { ledger, accounts } = inventUntil(
      () => {
        const invented = inventLedger(random);
        const chosen = random.shuffle(invented.accounts.map(({ id }) => id)).slice(0, 2);
        return { ledger: invented, accounts: chosen };
      },
      (invented) =>
        invented.accounts.every((id) =>
          accountOf(invented.ledger, id).entries.some((entry) => entry.kind === kind),
        ),
    );
    const amounts = accounts.map((id) =>
      accountOf(ledger, id)
        .entries.filter((entry) => entry.kind === kind)
        .reduce((sum, { amount }) => sum + amount, 0),
    );
    return {
      prompt: `How much was paid from the account ${accounts[0]} for payments of the kind "${kind}", and how much from ${accounts[1]}, each in its own currency? Mind that payments have pages. Answer with the list of the two numbers.`,
      answerSchema: z.array(z.number()),
      expected: amounts,
      begin: begin(ledger),
      oracle: {
        python: `${pythonPayments}
final_answer([sum(each["amount"] for each in payments(account) if each["kind"] == ${python(kind)})
    for account in ${python(accounts)}])`,
        *steps() {
          const totals: number[] = [];
          for (const account of accounts) {
            const payments = (yield* paymentsOf(account)) as Payment[];
            const wanted = payments.filter((each) => each.kind === kind);
            totals.push(wanted.reduce((sum, { amount }) => sum + amount, 0));
          }
          return totals;
        },
      },
    };
  },
};

const largestPayment: Template = {
  name: "largest-payment",
  invent(random) {
    const owner = random.pick(owners);
    const { ledger, sorted } = inventUntil(
      () => {
        const invented = inventLedger(random);
        const all = accountsOf(invented, owner).flatMap(({ entries, currency }) =>
          entries.map(({ id, amount }) => ({
            id,
            euros: amount * (invented.rates[currency] ?? 0),
          })),
        );
        return { ledger: invented, sorted: all.sort((left, right) => right.euros - left.euros) };
      },
      ({ sorted: [first, second] }) => (first?.euros ?? 0) - (second?.euros ?? 0) > 1,
    );
    return {
      prompt: `Which single payment from an account of ${owner} is the largest, in euros? Mind that payments have pages. Answer with the id of the payment only.`,
      answerSchema: z.string(),
      expected: sorted[0]?.id ?? "",
      begin: begin(ledger),
      oracle: {
        python: `${pythonPayments}
found = []
for account in list_accounts(${python(owner)}):
    rate = get_rate(get_account(account)["currency"])
    found += [(each["amount"] * rate, each["id"]) for each in payments(account)]
final_answer(max(found)[1])`,
        *steps() {
          const found: [string, number][] = [];
          const rates = new Map<string, number>();
          for (const account of yield* listAccounts(owner)) {
            const { currency } = yield* look(account);
            if (!rates.has(currency)) {
              rates.set(currency, yield* call<number>("get_rate", { currency }));
            }
            for (const { id, amount } of yield* paymentsOf(account)) {
              found.push([id, amount * (rates.get(currency) ?? 0)]);
            }
          }
          return found.sort(([, left], [, right]) => right - left)[0]?.[0] ?? "";
        },
      },
    };
  },
};

const evenOut: Template = {
  name: "even-out",
  invent(random) {
    const owner = random.pick(owners);
    const { ledger, pair } = inventUntil(
      () => {
        const invented = inventLedger(random);
        const all = accountsOf(invented, owner);
        const same = all.filter(
          ({ currency }) => all.filter((other) => other.currency === currency).length === 2,
        );
        return { ledger: invented, pair: same.map(({ id, balance }) => ({ id, balance })) };
      },
      ({ pair: [left, right] }) => left?.balance !== right?.balance,
    );
    const [left = 0, right = 0] = pair.map(({ balance }) => balance);
    return {
      prompt: `${owner} has two accounts of one currency. Transfer money between these two, so that their balances are equal. Answer with the amount that you transferred.`,
      answerSchema: z.number(),
      expected: Math.abs(left - right) / 2,
      begin: () => {
        const own = structuredClone(ledger);
        const wanted = ledger.accounts.map(({ id, balance }) =>
          pair.some((each) => each.id === id) ? (left + right) / 2 : balance,
        );
        return {
          tools: ledgerTools(own),
          isAsWanted: () => own.accounts.every(({ balance }, index) => balance === wanted[index]),
        };
      },
      oracle: {
        python: `accounts = {each: get_account(each) for each in list_accounts(${python(owner)})}
currencies = [each["currency"] for each in accounts.values()]
pair = [name for name, each in accounts.items() if currencies.count(each["currency"]) == 2]
poor, rich = sorted(pair, key=lambda name: accounts[name]["balance"])
amount = (accounts[rich]["balance"] - accounts[poor]["balance"]) / 2
transfer(rich, poor, amount)
final_answer(amount)`,
        *steps() {
          const found: { id: string; currency: string; balance: number }[] = [];
          for (const id of yield* listAccounts(owner)) found.push({ id, ...(yield* look(id)) });
          const [poor, rich] = found
            .filter(
              ({ currency }) => found.filter((each) => each.currency === currency).length === 2,
            )
            .sort((a, b) => a.balance - b.balance);
          const amount = ((rich?.balance ?? 0) - (poor?.balance ?? 0)) / 2;
          yield* call<number>("transfer", {
            origin: rich?.id ?? "",
            destination: poor?.id ?? "",
            amount,
          });
          return amount;
        },
      },
    };
  },
};

/** Questions on balances, payments and currencies, and one that moves money. */
export function ledgerTasks(): EvalTask[] {
  return inventTasks("ledger", [netWorth, spentOn, largestPayment, evenOut]);
}
