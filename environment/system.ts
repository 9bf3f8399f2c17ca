import type { z } from "zod";
import type { SystemName } from "./composition";
import type { Exemption } from "./exemption";
import type { Image } from "./images";
import type { ByProfile } from "./profile";
import type { Rule } from "./rule";
import type { Environment, Stage } from "./schema";
import type { SystemSizing } from "./sizing/choice";

/** What a system is asked, and what is written to it: different endpoints where its parts run apart. */
export type Use = "read" | "write";

/** The part of a system that answers, and its port. */
export interface Endpoint {
  readonly component: string;
  readonly port: number;
  /** What a URL has behind the port. @default nothing */
  readonly path?: string;
}

/**
 * One system: everything that the rest of the stack has to know of it. The rooms above add what they know of systems
 * (metrics, page, alerts, plan) to this interface; `stacks/systems.ts` is the only list of systems.
 */
export interface System {
  readonly name: SystemName;
  /** What it is for, in a few words; of workloads that do something else, by the beginning of their component's name. */
  readonly purpose: string;
  readonly purposes?: Readonly<Record<string, string>>;
  /** The stages that want it; it is deployed when one of them is. */
  readonly stages: readonly Stage[];
  /** What it needs besides: it is not deployed while this says no. @default always */
  readonly when?: (environment: Environment) => boolean;
  /** The port of its HTTP API. */
  readonly port: number;
  /** The workload that is the system while it runs in one piece. @default server */
  readonly main?: string;
  /** Where it answers, if not always at `main` and `port`. */
  readonly endpoint?: (environment: Environment, use: Use) => Endpoint;
  /** Its namespace, if it has one of its own. @default that of the stack */
  readonly namespace?: (environment: Environment) => string;
  /** Whether its replicas hold everything and know nothing of each other: what is written has to reach each. @default no */
  readonly writtenToEach?: (environment: Environment) => boolean;
  /** Values of `job` of its targets. @default its name */
  readonly jobs?: (environment: Environment) => readonly string[];
  /** Without it nothing works, or nobody can tell what doesn't: that none of its targets is up pages. @default a ticket */
  readonly vital?: true;
  /** One that exists is a target too: no data source speaks for it. */
  readonly scrapedWhereItExists?: true;
  /** What its workloads run, by the name that `images.overrides` has it by. The same image may be that of several systems. */
  readonly images: Readonly<Record<string, Image>>;
  /** What may be written at `observability:systems.<name>`. */
  readonly settings: z.ZodType;
  /** What may be written at `observability:<name>`. @default nothing */
  readonly section?: z.ZodType;
  /** What stands there before anybody writes a line. */
  readonly defaults: { readonly settings: ByProfile; readonly section?: ByProfile };
  /** What follows from a load. @default nothing */
  readonly sizing?: SystemSizing;
  /** What must hold between its keys and others. */
  readonly rules?: readonly Rule[];
  /** Where its workloads depart from a policy, and why. @default nowhere */
  readonly exemptions?: readonly Exemption[];
}

declare module "./composition" {
  interface Composition {
    /** In the order in which they are shown. */
    readonly systems: readonly System[];
  }
}

/** @throws Error for a system that the environment is not made of: a fault of the program, not of the configuration */
export function systemOf({ composition }: Pick<Environment, "composition">, name: SystemName): System {
  const found = composition.systems.find((each) => each.name === name);
  if (found === undefined) throw new Error(`this environment has no system ${name}`);
  return found;
}
