import * as fs from "node:fs";
import * as path from "node:path";

import { images as grafana } from "../../stacks/grafana/images";
import { images as loki } from "../../stacks/loki/images";
import { images as tempo } from "../../stacks/tempo/images";
import { images as victoriametrics } from "../../stacks/victoriametrics/images";
import { cacheRoot } from "./paths";
import { attempt, KitError } from "./shell";
import { TOOLS } from "./tools";

const images = { ...grafana, ...loki, ...tempo, ...victoriametrics };

/** A program that the kit cannot build, and that a person puts into a folder. */
interface Given {
  /** The version that is wanted, as its image's tag or its release names it. */
  readonly wanted: string;
  /** Arguments that make it say its version. */
  readonly ask: readonly string[];
  /** The page of its project where people get it, and the file there. */
  readonly from: string;
  /** What goes unchecked without it. */
  readonly without: string;
}

const grafanaLabs = (project: string, version: string) =>
  `https://github.com/grafana/${project}/releases/tag/v${version}`;

/** A part of VictoriaMetrics' cluster: the tag of its images ends in `-cluster`, that of the release does not. */
const clusterPart = (name: "vminsert" | "vmselect" | "vmstorage"): Given => {
  const wanted = images[name].tag;
  const release = wanted.replace(/-cluster$/, "");
  return {
    wanted,
    ask: ["-version"],
    from:
      `https://github.com/VictoriaMetrics/VictoriaMetrics/releases/tag/${release} ` +
      `(victoria-metrics-linux-amd64-${wanted}.tar.gz, ${name}-prod)`,
    without: "VictoriaMetrics' cluster: a storage node lost and one added, in live check 21",
  };
};

const GIVEN = {
  loki: {
    wanted: images.loki.tag,
    ask: ["-version"],
    from: `${grafanaLabs("loki", images.loki.tag)} (loki-linux-amd64.zip)`,
    without: "everything about logs: their configuration, rules, retention and pages, and Loki on the node",
  },
  "tempo-3": {
    wanted: images.tempo.tag,
    ask: ["-version"],
    from: `${grafanaLabs("tempo", images.tempo.tag)} (tempo_${images.tempo.tag}_linux_amd64.tar.gz, tempo)`,
    without: "everything about traces: their configuration, retention and pages, and Tempo on the node",
  },
  "tempo-2": {
    wanted: images["tempo-2"].tag,
    ask: ["-version"],
    from: `${grafanaLabs("tempo", images["tempo-2"].tag)} (tempo_${images["tempo-2"].tag}_linux_amd64.tar.gz, tempo)`,
    without: 'tempo.majorVersion "2": its configuration, and Tempo with its parts apart in live check 21',
  },
  grafana: {
    wanted: images.grafana.tag,
    ask: ["--version"],
    from:
      `https://grafana.com/grafana/download/${images.grafana.tag}?edition=oss ` +
      "(Linux, standalone binaries: the whole folder, with bin/grafana in it)",
    without:
      "nothing yet: on the node Grafana's images are pulled or it is left out, and no check runs it as a process",
  },
  vminsert: clusterPart("vminsert"),
  vmselect: clusterPart("vmselect"),
  vmstorage: clusterPart("vmstorage"),
  memcached: {
    wanted: images.memcached.tag.replace("-alpine", ""),
    ask: ["-V"],
    from: "https://github.com/memcached/memcached/releases, or your system's package memcached, linked from there",
    without: "Loki with its parts apart and its caches, in live check 21",
  },
  "pulumi-language-nodejs": {
    wanted: TOOLS.pulumi.version,
    ask: ["-version"],
    from:
      `https://github.com/pulumi/pulumi/releases/tag/${TOOLS.pulumi.version} ` +
      `(pulumi-${TOOLS.pulumi.version}-linux-x64.tar.gz, pulumi-language-nodejs)`,
    without: "the ordinary `pulumi` command line: init, preview, up, refresh and destroy as users type them",
  },
} as const satisfies Record<string, Given>;

export type GivenName = keyof typeof GIVEN;

export const givenNames = Object.keys(GIVEN) as GivenName[];

export const isGiven = (name: string): name is GivenName => Object.hasOwn(GIVEN, name);

/** Where a person puts the given programs, each under its {@link GivenName}. @default beside the cache */
export function givenFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const configured = environment["OBSERVABILITY_KIT_GIVEN"];
  return configured ? path.resolve(configured) : `${cacheRoot(environment)}-given`;
}

/** What is known of one given program. */
export interface GivenState {
  readonly name: GivenName;
  readonly wanted: string;
  readonly from: string;
  readonly without: string;
  /** Where it is; absent when it isn't there. */
  readonly program?: string;
  /** As it says itself, in the form of `wanted`; absent when it isn't there or says none. */
  readonly version?: string;
  /** Why it can't be used although it is there. */
  readonly fault?: string;
}

/**
 * What is known of one given program, from itself: it is asked for its version, a few tenths of a second, once for each
 * process. Another patch of the wanted minor version will do, and its image bears the tag that it deserves; any other
 * version is a fault: what it would show is not what the stack promises.
 */
export function givenState(name: GivenName): GivenState {
  const { wanted, ask, from, without }: Given = GIVEN[name];
  const state = { name, wanted, from, without };
  const program = programOf(name);
  if (program === undefined) return state;
  const version = askedVersion(program, ask, wanted);
  if (version === undefined) {
    return { ...state, program, fault: `it does not say its version when run as \`${program} ${ask.join(" ")}\`` };
  }
  const fits = lineOf(version) === lineOf(wanted);
  return { ...state, program, version, ...(fits ? {} : { fault: `it is ${version}, needed is ${wanted}` }) };
}

/**
 * Path of a program that a person put into {@link givenFolder}; undefined when it isn't there.
 * @throws KitError when it is there in a wrong version, or is no such program
 */
export const givenProgram = (name: GivenName): string | undefined => usable(name).program;

/** The version that a given program says it is, in the form of an image's tag. @throws as {@link givenProgram} */
export const givenVersion = (name: GivenName): string | undefined => usable(name).version;

function usable(name: GivenName): GivenState {
  const state = givenState(name);
  if (state.fault === undefined) return state;
  throw new KitError(`The given program ${name}: ${state.fault}.\nThe right one: ${state.from}`);
}

/** What to say where a given program is needed and absent. */
export function absence(name: GivenName): string {
  const { wanted, from }: Given = GIVEN[name];
  return `${name} ${wanted} is a given program and is not in ${givenFolder()}; people get it from ${from}`;
}

/** Grafana is a whole folder, of which the program is a part; all others are one file. */
function programOf(name: GivenName): string | undefined {
  const file = path.join(givenFolder(), name === "grafana" ? path.join("grafana", "bin", "grafana") : name);
  return fs.existsSync(file) ? file : undefined;
}

const answers = new Map<string, string>();

/** The version in what a program says, with `v` and `-cluster` where `wanted` has them. */
function askedVersion(program: string, ask: readonly string[], wanted: string): string | undefined {
  const stat = fs.statSync(program, { throwIfNoEntry: false });
  const key = `${program} ${stat?.mtimeMs}`;
  const said = answers.get(key) ?? saidBy(program, ask);
  answers.set(key, said);
  const suffix = wanted.endsWith("-cluster") ? "-cluster" : "";
  const number = new RegExp(`\\d+\\.\\d+\\.\\d+${suffix}(?![\\w.])`).exec(said)?.[0];
  return number === undefined ? undefined : `${wanted.startsWith("v") ? "v" : ""}${number}`;
}

function saidBy(program: string, ask: readonly string[]): string {
  const { stdout, stderr } = attempt(program, [...ask]);
  return `${stdout}\n${stderr}`;
}

/** Major and minor number. */
const lineOf = (version: string) => /\d+\.\d+/.exec(version)?.[0];

/** All given programs in words, for `npm run kit -- given`. */
export function givenReport(states: readonly GivenState[] = givenNames.map(givenState)): string {
  const width = Math.max(...states.map(({ name }) => name.length));
  const blocks = states.map(({ name, wanted, from, without, program, version, fault }) => {
    const what =
      program === undefined
        ? `absent; wanted is ${wanted}`
        : fault !== undefined
          ? `WRONG: ${fault}`
          : version === wanted
            ? `present, ${wanted}`
            : `present, ${version}; pinned is ${wanted}`;
    const lines = [`${name.padEnd(width)}  ${what}`];
    if (program === undefined || fault !== undefined) {
      lines.push(`    get it from  ${from}`, `    without it   ${without}`);
    }
    return lines.join("\n");
  });
  return [`Given programs in ${givenFolder()} (OBSERVABILITY_KIT_GIVEN names another folder):`, ...blocks].join("\n\n");
}
