/** What tasks read: from the workspace in Python, and by a tool where there is none. */
export const files = {
  "sales.csv": "item,quantity,price\npen,3,4\nbook,10,2.5\nlamp,2,20\n",
  "log.txt": "ok start\nerror disk\nok read\nerror net\nok write\nerror disk\nok stop\n",
  "report-2024.txt": "Visitors in 2024: 4812\n",
};

/** A small task with an answer that a program can check. */
export interface Task {
  name: string;
  text: string;
  /** The file that Python finds in its workspace; a tool reads all of them. */
  file?: keyof typeof files;
  /** What a right answer contains. */
  answer: RegExp;
}

/**
 * Tasks that every format can solve with the same tools; of every kind early, because a slow machine
 * leaves the last ones out.
 */
export const tasks: readonly Task[] = [
  {
    name: "product",
    text: "What is 1234 times 5678?",
    answer: /7,?006,?652/,
  },
  {
    name: "warmest city",
    text: "Which of Oslo, Rome and Cairo is the warmest now?",
    answer: /Cairo/,
  },
  {
    name: "count in a file",
    file: "log.txt",
    text: "How many lines of the file log.txt begin with the word error?",
    answer: /\b3\b|\bthree\b/i,
  },
  {
    name: "a wrong file name",
    text: "Read the file report.txt. How many visitors were there?",
    answer: /4,?812/,
  },
  {
    name: "squares",
    text: "What is the sum of the squares of the whole numbers from 1 to 6?",
    answer: /\b91\b/,
  },
  {
    name: "manager of the manager",
    text: "Who is the manager of Ida's manager?",
    answer: /Vera/,
  },
  {
    name: "difference",
    text: "How many degrees is Cairo warmer than Oslo now?",
    answer: /\b24\b/,
  },
  {
    name: "revenue from a file",
    file: "sales.csv",
    text: "Read the file sales.csv. What is the total of quantity times price over all rows?",
    answer: /\b77\b/,
  },
  {
    name: "cheapest shop",
    text: "Which of the shops Alba, Norden and Mira has the cheapest tea?",
    answer: /Norden/,
  },
  {
    name: "a wrong city name",
    text: "What is the temperature in Zurich now?",
    answer: /\b14\b/,
  },
  {
    name: "sum of a list",
    text: "What is the sum of 12.5, 7, 22, 5.25, 9 and 17?",
    answer: /72\.75/,
  },
  {
    name: "total stock",
    text: "How many lamps do the warehouses north, south, east and west have together?",
    answer: /\b61\b/,
  },
];
