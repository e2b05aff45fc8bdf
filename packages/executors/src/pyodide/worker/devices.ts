import { packetKinds } from "../line/packet.js";
import { deadlockErrno, type FileSystem, interruptedErrno } from "./emscripten.js";
import { CannotWaitError, type WorkerLine } from "./worker-line.js";

const deviceMajor = 200;
const readableAndWritable = 0o666;

/** Gives Python the devices that `codeact_pyodide.devices` opens. */
export function installDevices(
  fileSystem: FileSystem,
  line: WorkerLine,
  beforeFrame: () => void,
): void {
  const channel = fileSystem.makedev(deviceMajor, 0);
  fileSystem.registerDevice(channel, {
    read: (_stream, heap, offset, length) => line.read(viewOf(heap, offset, length)),
    write: (_stream, heap, offset, length) => {
      // What the code did to files, it did before what it says now.
      beforeFrame();
      line.send(packetKinds.channel, viewOf(heap, offset, length));
      return length;
    },
  });
  fileSystem.mkdev("/dev/codeact-channel", readableAndWritable, channel);
  const arrival = fileSystem.makedev(deviceMajor, 1);
  fileSystem.registerDevice(arrival, {
    read: (_stream, _heap, _offset, timeoutMs) => {
      try {
        line.wait(timeoutMs);
      } catch (error) {
        if (!(error instanceof CannotWaitError)) throw error;
        throw new fileSystem.ErrnoError(deadlockErrno);
      }
      if (line.isInterrupted) throw new fileSystem.ErrnoError(interruptedErrno);
      return 0;
    },
  });
  fileSystem.mkdev("/dev/codeact-arrival", readableAndWritable, arrival);
}

function viewOf(heap: ArrayBufferView, offset: number, length: number): Uint8Array {
  return new Uint8Array(heap.buffer, heap.byteOffset + offset, length);
}
