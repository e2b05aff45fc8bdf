/**
 * Lets `await using` close objects of a class, where the runtime knows the symbol. It is not
 * declared in types, because that would force a newer `lib` on every user.
 */
export function closeOnDispose(prototype: { close(): Promise<void> }): void {
  const symbol: unknown = Reflect.get(Symbol, "asyncDispose");
  if (typeof symbol !== "symbol") return;
  Object.defineProperty(prototype, symbol, {
    configurable: true,
    writable: true,
    value(this: { close(): Promise<void> }) {
      return this.close();
    },
  });
}
