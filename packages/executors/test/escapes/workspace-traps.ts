/** What a cell leaves at `trap` in its workspace. */
export interface Trap {
  name: string;
  /** Python; `outside` is a directory of the host, which holds `secret`. */
  code: string;
  /** The path that the host uses; `trap` without it. */
  path?: string;
  /** A host that opens the path as it is gets the secret. */
  isBait?: boolean;
}

function link(name: string, target: string, rest: Omit<Trap, "name" | "code"> = {}): Trap {
  return { name: `a link ${name}`, code: `os.symlink(${target}, "trap")`, ...rest };
}

const bait = { isBait: true };
const upwards = '"../" * 30 + outside[1:]';

export const traps: readonly Trap[] = [
  link("to a file outside", 'outside + "/secret"', bait),
  link("upwards to a file outside", `${upwards} + "/secret"`, bait),
  link("to a directory outside", "outside", { ...bait, path: "trap/secret" }),
  link("to the root", '"/"', { path: "trap/etc/hostname" }),
  link("to where nothing is yet", 'outside + "/new"'),
  link("to a directory where nothing is yet", "outside", { path: "trap/new" }),
  link("to a directory that is to be made", 'outside + "/made"', { path: "trap/deep/new" }),
  link("to itself", '"trap"'),
  link("that is 4,000 characters long", '"x/../" * 800 + "secret"'),
  link("to the workspace's parent", '".."', { path: "trap/codeact-x/new" }),
  link("to the root by /proc", '"/proc/self/root/etc/hostname"'),
  link("to the directory of the host", '"/proc/self/cwd/package.json"'),
  link("to the environment of the host", '"/proc/self/environ"'),
  link("to the memory of the host", '"/proc/self/mem"'),
  link("to a descriptor of the host", '"/proc/self/fd/0"'),
  link("to the standard input", '"/dev/stdin"'),
  link("to endless zeros", '"/dev/zero"'),
  link("to where all is lost", '"/dev/null"'),
  link("to the terminal", '"/dev/tty"'),
  {
    name: "a chain of links",
    code: 'os.symlink(outside, "a"); os.symlink("a/secret", "b"); os.symlink("b", "trap")',
    ...bait,
  },
  {
    name: "60 links in a row",
    code: 'os.symlink(outside + "/secret", "l0")\nfor i in range(60): os.symlink(f"l{i}", f"l{i + 1}")\nos.symlink("l60", "trap")',
  },
  {
    name: "a link through a directory that is one",
    code: 'os.mkdir("d"); os.symlink("..", "d/up"); os.symlink("d/up/../../" + "../" * 20 + outside[1:] + "/secret", "trap")',
    ...bait,
  },
  {
    name: "a link deep inside",
    code: 'os.makedirs("a/b/c"); os.symlink(outside, "a/b/c/d")',
    path: "a/b/c/d/secret",
    ...bait,
  },
  {
    name: "a link with a path that begins like the workspace",
    code: 'os.symlink(os.getcwd() + "/.." * 10 + outside + "/secret", "trap")',
  },
  { name: "a pipe", code: 'os.mkfifo("trap")' },
  { name: "a link to a pipe", code: 'os.mkfifo("pipe"); os.symlink("pipe", "trap")' },
  {
    name: "a pipe with a writer",
    code: 'os.mkfifo("trap"); held = os.open("trap", os.O_RDWR)',
  },
  {
    name: "a socket",
    code: 'import socket; held = socket.socket(socket.AF_UNIX); held.bind("trap"); held.listen()',
  },
  { name: "a directory", code: 'os.mkdir("trap")' },
  { name: "a file as a directory", code: 'open("trap", "w").close()', path: "trap/secret" },
];
