import { mkdtempSync, rmdirSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onHostExit } from "../exit-hook.js";

/** What the kernel takes as the path of a socket, without the NUL at its end. */
const maxPathBytes = 107;

/** A directory that only this user can enter, with the path of a socket in it. */
export interface SocketDirectory {
  socketPath: string;
  dispose(): Promise<void>;
  /** The same for one that nothing was put into. */
  disposeNow(): void;
}

/** Made at once: nothing else may start the same server meanwhile. */
export function makeSocketDirectory(): SocketDirectory {
  const name = "codeact-fork-";
  const longest = join(tmpdir(), `${name}XXXXXX`, "socket");
  const parent = Buffer.byteLength(longest) <= maxPathBytes ? tmpdir() : "/tmp";
  const directory = mkdtempSync(join(parent, name));
  const forget = onHostExit(() => rmSync(directory, { recursive: true, force: true }));
  return {
    socketPath: join(directory, "socket"),
    dispose: () => {
      forget();
      return rm(directory, { recursive: true, force: true });
    },
    disposeNow: () => {
      forget();
      // Takes no descriptor, of which there may be none.
      rmdirSync(directory);
    },
  };
}
