import type { Parts, Running } from "../role";
import { elsewhere, startAgent, textOf } from "./agent";

/** Notes that are kept; the oldest go first. */
const MOST_NOTES = 500;
const MOST_FOUND = 10;

/** Names that a note links to, as Obsidian writes links: `[[name]]`, `[[name|shown]]`. */
const linksOf = (text: string): string[] =>
  [...text.matchAll(/\[\[([^\]|]+)(?:\|[^\]]*)?\]\]/g)].map(([, name = ""]) => name);

/** The Obsidian agent: a vault of linked notes, written and searched. */
export function startObsidian(parts: Parts): Promise<Running> {
  const { meters } = parts.telemetry;
  const notes = new Map<string, string>();
  const processed = (outcome: string, count = 1) =>
    meters.obsidian_notes_processed_total.add(count, { agent: "obsidian", outcome });
  return startAgent(
    "obsidian",
    {
      write: async (input) => {
        const title = textOf(input, "title");
        const text = textOf(input, "text");
        await elsewhere(10);
        notes.delete(title);
        notes.set(title, text);
        const [oldest] = notes.keys();
        if (notes.size > MOST_NOTES && oldest !== undefined) notes.delete(oldest);
        processed("written");
        return { title, links: linksOf(text) };
      },
      search: async (input) => {
        const words = textOf(input, "words").toLowerCase().split(/\s+/);
        await elsewhere(10);
        const found = [...notes].filter(([title, text]) => {
          const all = `${title} ${text}`.toLowerCase();
          return words.every((word) => all.includes(word));
        });
        processed("read", notes.size);
        return { found: found.slice(0, MOST_FOUND).map(([title, text]) => ({ title, links: linksOf(text) })) };
      },
    },
    parts,
  );
}
