/**
 * Python that finds the private descriptor of the channel, `fd`, as hostile code would, and
 * `send`, which writes on it.
 */
export const findChannel = `
import os, socket, stat
def find_channel():
    own = os.fstat(1)
    for number in range(3, 1024):
        try: status = os.fstat(number)
        except OSError: continue
        if stat.S_ISSOCK(status.st_mode) and status.st_ino != own.st_ino: return number
def send(data):
    view = memoryview(data)
    while view: view = view[os.write(fd, view):]
fd = find_channel()
`;
