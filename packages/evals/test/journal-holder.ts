import { attempt, header } from "./attempts.js";
import { JournalWriter } from "../src/run/journal-writer.js";

// A process of its own that writes to the journal that it is given, and stays until it is killed.
const { writer } = await JournalWriter.open(process.argv[2] ?? "", header);
await writer.append(attempt("held"));
process.stdout.write("open\n");
setInterval(() => undefined, 60_000);
