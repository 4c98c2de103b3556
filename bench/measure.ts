/** What the benchmarks share: medians, percentiles and how they are printed. */

export function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(Math.ceil(sorted.length * share) - 1, sorted.length - 1)] ?? NaN;
}

export const median = (values: number[]): number => percentile(values, 0.5);

export function shownMs(values: number[]): string {
  return `p50 ${median(values).toFixed(2)} ms, p99 ${percentile(values, 0.99).toFixed(2)} ms`;
}

export const perSecond = (count: number, ms: number): string =>
  Math.round(count / ms * 1_000).toLocaleString("en");
