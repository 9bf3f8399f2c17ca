import type { z } from "zod";
import type { loadSchema } from "../capacity";
import { Rate, Series, type Duration } from "../units";
import type { Profile } from "../profile";

/** A load with every part stated. */
export interface Load {
  readonly samples: Rate;
  readonly activeSeries: Series;
  readonly logBytes: Rate;
  readonly logLines: Rate;
  readonly spans: Rate;
  readonly queryUsers: number;
  /** Nodes of the cluster; undefined: nobody said. */
  readonly nodes?: number | undefined;
}
type Stated = Readonly<z.output<typeof loadSchema>>;

/** A log line has 250 to 500 B; the longer one gives fewer lines, and lines are what a person who has many states. */
const bytesPerLine = 500;

/**
 * The load that the default sizes of a profile carry: `prod` the small topology of the servers' sizing guides, `dev` a
 * quarter of it, `local` what one developer makes.
 */
const carried = {
  local: { samples: 1_000, logBytes: 50e3, spans: 50, queryUsers: 1 },
  dev: { samples: 12_500, logBytes: 250e3, spans: 250, queryUsers: 5 },
  prod: { samples: 50_000, logBytes: 1e6, spans: 1_000, queryUsers: 10 },
} as const satisfies Record<Profile, object>;

/** What of an environment its load follows from. */
interface Loaded {
  readonly profile: Profile;
  readonly scrapeInterval: Duration;
  readonly load?: Stated | undefined;
}

/** The stated load, and for what it leaves open the load that the profile's sizes carry. */
export function loadOf({ profile, scrapeInterval, load: stated = {} }: Loaded): Load {
  const usual = carried[profile];
  const { samples = Rate.of("samples", usual.samples), logLines } = stated;
  const bytes = stated.logBytes ?? Rate.of("bytes", logLines ? logLines.perSecond * bytesPerLine : usual.logBytes);
  return {
    samples,
    activeSeries: stated.activeSeries ?? Series.of(samples.perSecond * scrapeInterval.seconds),
    logBytes: bytes,
    logLines: logLines ?? Rate.of("lines", bytes.perSecond / bytesPerLine),
    spans: stated.spans ?? Rate.of("spans", usual.spans),
    queryUsers: stated.queryUsers ?? usual.queryUsers,
    nodes: stated.nodes,
  };
}

/** `50k samples/s, 750k series, 1MB/s and 2k lines/s of logs, 1k spans/s, 10 users` */
export function printedLoad({ samples, activeSeries, logBytes, logLines, spans, queryUsers, nodes }: Load): string {
  const users = `${queryUsers} ${queryUsers === 1 ? "user" : "users"}`;
  return `${String(samples)}, ${String(activeSeries)}, ${String(logBytes)} and ${String(logLines)} of logs, ${String(spans)}, ${users}${nodes === undefined ? "" : `, ${nodes} nodes`}`;
}
