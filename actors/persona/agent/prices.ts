/** What a token costs at well-known endpoints. An estimate for budgets and pages, never an invoice. */

/** US dollars for a million tokens, at list price: no batch, cache or volume rebates. */
interface Price {
  input: number;
  output: number;
}

/** Where the numbers are from, shown next to a cost. */
export const PRICES_FROM = {
  date: "2026-03",
  source: "OpenAI's price page as tabulated by deploybase.ai/articles/openai-pricing (March 2026)",
} as const;

const PRICES: Readonly<Record<string, Price>> = {
  "gpt-5.4": { input: 2.5, output: 15 },
  "gpt-5.1": { input: 1.25, output: 10 },
  "gpt-5": { input: 1.25, output: 10 },
  "gpt-5-mini": { input: 0.25, output: 2 },
  "gpt-5-nano": { input: 0.05, output: 0.4 },
  "gpt-4.1": { input: 2, output: 8 },
  "gpt-4.1-mini": { input: 0.4, output: 1.6 },
  "gpt-4.1-nano": { input: 0.1, output: 0.4 },
  "gpt-4o": { input: 2.5, output: 10 },
  "gpt-4o-mini": { input: 0.15, output: 0.6 },
  "o3": { input: 2, output: 8 },
  "o4-mini": { input: 1.1, output: 4.4 },
};

/** Hosts that charge these prices; the same model name elsewhere may cost anything. */
const PRICED_HOSTS = new Set(["api.openai.com"]);

/** Millionths of a US dollar, rounded up; null when the price at this host is not known. A dated name (`gpt-4o-2024-08-06`) has its model's price. */
export function costMicroUsd(
  host: string,
  model: string,
  inputTokens: number,
  outputTokens: number,
): number | null {
  if (!PRICED_HOSTS.has(host)) return null;
  const name = model.replace(/-\d{4}-\d{2}-\d{2}$/, "");
  const price = Object.hasOwn(PRICES, name) ? PRICES[name] : undefined;
  // A dollar for a million tokens is a millionth of a dollar for one.
  return price ? Math.ceil(inputTokens * price.input + outputTokens * price.output) : null;
}
