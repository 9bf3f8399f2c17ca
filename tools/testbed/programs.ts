import * as fs from "node:fs";

import { buildTools, toolPath } from "./build";
import { absence, givenProgram, isGiven, type GivenName } from "./given";
import { KitError, type Progress } from "./shell";
import type { ToolName } from "./tools";

/** A program that the kit builds, or that a person gives. */
export type ProgramName = ToolName | GivenName;

/** A given program is not here: what needs it is left out, not wrong. */
export class AbsentProgram extends KitError {
  constructor(readonly program: GivenName) {
    super(absence(program));
  }
}

/** Path of a program that is here; undefined where it is not built, or not given. @throws KitError see givenProgram */
export function programHere(name: ProgramName): string | undefined {
  if (isGiven(name)) return givenProgram(name);
  const built = toolPath(name);
  return fs.existsSync(built) ? built : undefined;
}

/** Why a program is not here, and how it comes here. */
export function whyNotHere(name: ProgramName): string {
  return isGiven(name) ? absence(name) : `${name} is not built: npm run kit -- build ${name}`;
}

/**
 * Path of a program, built when it is missing.
 * @throws AbsentProgram when a person would have to give it
 * @throws KitError when it can't be built, or the given one can't be used
 */
export async function obtainProgram(name: ProgramName, progress?: Progress): Promise<string> {
  if (!isGiven(name)) return (await buildTools([name], progress))[name];
  const given = givenProgram(name);
  if (given === undefined) throw new AbsentProgram(name);
  return given;
}
