import { createHash } from "node:crypto";
import type { Parts, Running } from "../role";
import { elsewhere, startAgent, textOf } from "./agent";

const COMPLETION_SECONDS = 600;

/** About four letters to a token, as the models' makers estimate English text. */
const tokensOf = (text: string): number => Math.ceil(text.length / 4);

/** What is thorough goes to the large model, the rest to the small one. */
const routeOf = (prompt: string): "small" | "large" => (prompt.startsWith("thorough") ? "large" : "small");

/** Milliseconds for each token that a model writes. */
const speed = { small: 0.8, large: 2 } as const;

/** A model that needs none: words of the prompt, put in an order that only the prompt decides. */
function complete(prompt: string): string {
  const order = (word: string) => createHash("sha256").update(prompt).update(word).digest("hex");
  const words = [...new Set(prompt.split(/\W+/).filter(Boolean))];
  return words
    .map((word) => [order(word), word] as const)
    .sort()
    .map(([, word]) => word)
    .join(" ")
    .repeat(2);
}

/** The LLM router: chooses a model for each prompt, and remembers what was asked before. */
export function startLlmRouter(parts: Parts): Promise<Running> {
  const { cache, telemetry } = parts;
  return startAgent(
    "llm-router",
    {
      complete: async (input) => {
        const prompt = textOf(input, "prompt");
        const model = routeOf(prompt);
        const key = `completion:${createHash("sha256").update(prompt).digest("hex").slice(0, 16)}`;
        const text = await cache.remember(key, COMPLETION_SECONDS, async () => {
          const answer = complete(prompt);
          const count = (direction: string, tokens: number) =>
            telemetry.meters.llm_tokens_total.add(tokens, { agent: "llm_router", model, direction });
          count("input", tokensOf(prompt));
          await elsewhere(20 + speed[model] * tokensOf(answer));
          count("output", tokensOf(answer));
          return answer;
        });
        return { model, text };
      },
    },
    parts,
  );
}
