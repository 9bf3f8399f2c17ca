import { buildTools } from "../../tools/testbed/build";
import { runCommand, type Command } from "../../tools/cli";
import { testTools } from "./programs";

const command = {
  name: "test:tools",
  summary: "Builds the real tools that the tests run, as far as the kit can: about ten minutes the first time.",
  flags: {},
} as const satisfies Command;

void runCommand(command, async () => {
  await buildTools(testTools, (line) => console.log(line));
  return 0;
});
