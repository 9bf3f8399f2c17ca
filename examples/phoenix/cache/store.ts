interface Item {
  readonly value: string;
  /** Milliseconds since 1970; undefined for what never ends. */
  readonly expires: number | undefined;
  readonly bytes: number;
}

export interface Figures {
  items: number;
  bytes: number;
}

/** What happened to a key: hit, miss, or pushed out to make room. */
export type Watch = (event: "hit" | "miss" | "eviction", cache: string) => void;

/** The cache that a key belongs to: `profile:7` to `profile`. A key without a colon is bookkeeping, and not counted. */
const cacheOf = (key: string) => (key.includes(":") ? key.slice(0, key.indexOf(":")) : undefined);

/**
 * Values under keys, least recently used ones pushed out first, and lists, which stay until they are taken. A Map keeps
 * the order in which keys were set: setting one anew on each use puts it at the end.
 */
export class Store {
  private readonly items = new Map<string, Item>();
  private readonly lists = new Map<string, string[]>();
  private readonly waiting = new Map<string, ((value: string) => boolean)[]>();
  private readonly perCache = new Map<string, Figures>();
  private bytes = 0;

  /** @param limit bytes that keys and values may take, without lists */
  constructor(
    private readonly limit: number,
    private readonly watch: Watch = () => undefined,
    private readonly now: () => number = Date.now,
  ) {}

  get(key: string): string | null {
    const item = this.items.get(key);
    const cache = cacheOf(key);
    if (item === undefined || (item.expires !== undefined && item.expires <= this.now())) {
      if (item !== undefined) this.delete(key);
      if (cache !== undefined) this.watch("miss", cache);
      return null;
    }
    this.items.delete(key);
    this.items.set(key, item);
    if (cache !== undefined) this.watch("hit", cache);
    return item.value;
  }

  /** @param seconds until it is gone; for ever without */
  set(key: string, value: string, seconds?: number): void {
    this.delete(key);
    const bytes = Buffer.byteLength(key) + Buffer.byteLength(value);
    const expires = seconds === undefined ? undefined : this.now() + seconds * 1000;
    this.items.set(key, { value, expires, bytes });
    this.count(key, 1, bytes);
    for (const oldest of this.items.keys()) {
      if (this.bytes <= this.limit || oldest === key) break;
      this.delete(oldest);
      const cache = cacheOf(oldest);
      if (cache !== undefined) this.watch("eviction", cache);
    }
  }

  delete(key: string): boolean {
    const item = this.items.get(key);
    if (item === undefined) return false;
    this.items.delete(key);
    this.count(key, -1, -item.bytes);
    return true;
  }

  /** Items and bytes of each cache. */
  figures(): ReadonlyMap<string, Readonly<Figures>> {
    return this.perCache;
  }

  /** Puts a value at the end of a list, or into the hands of whoever waits for one. @returns its length */
  push(list: string, value: string): number {
    const takers = this.waiting.get(list) ?? [];
    for (let taker = takers.shift(); taker !== undefined; taker = takers.shift()) if (taker(value)) return 0;
    const values = this.lists.get(list) ?? [];
    this.lists.set(list, values);
    return values.push(value);
  }

  /** Puts a value back to the front: whoever took it is gone. */
  putBack(list: string, value: string): void {
    this.lists.set(list, [value, ...(this.lists.get(list) ?? [])]);
  }

  length(list: string): number {
    return this.lists.get(list)?.length ?? 0;
  }

  /** The first value of the first list that has one; waits for one that long, then null. */
  take(lists: readonly string[], seconds: number): Promise<readonly [list: string, value: string] | null> {
    for (const list of lists) {
      const value = this.lists.get(list)?.shift();
      if (value !== undefined) return Promise.resolve([list, value]);
    }
    return new Promise((resolve) => {
      let open = true;
      const end = (found: readonly [string, string] | null) => {
        open = false;
        clearTimeout(timer);
        for (const [list, taker] of takers) {
          const others = (this.waiting.get(list) ?? []).filter((each) => each !== taker);
          this.waiting.set(list, others);
        }
        resolve(found);
      };
      const takers = lists.map((list) => {
        const taker = (value: string) => {
          if (!open) return false;
          end([list, value]);
          return true;
        };
        this.waiting.set(list, [...(this.waiting.get(list) ?? []), taker]);
        return [list, taker] as const;
      });
      const timer = setTimeout(() => end(null), seconds * 1000);
    });
  }

  private count(key: string, items: number, bytes: number): void {
    this.bytes += bytes;
    const cache = cacheOf(key);
    if (cache === undefined) return;
    const figures = this.perCache.get(cache) ?? { items: 0, bytes: 0 };
    figures.items += items;
    figures.bytes += bytes;
    this.perCache.set(cache, figures);
  }
}
