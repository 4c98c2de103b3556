/** Amounts as people read them at a glance. Pure. */

/** 640 ms, 4.2 s, 38 s, 12 min, 3 h 20 min, 2 d. */
export function span(ms: number): string {
  const past = Math.max(0, ms);
  if (past < 1_000) return `${Math.round(past)} ms`;
  if (past < 10_000) return `${(past / 1_000).toFixed(1)} s`;
  if (past < 99_500) return `${Math.round(past / 1_000)} s`;
  const minutes = Math.round(past / 60_000);
  if (minutes < 60) return `${minutes} min`;
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours < 10 && rest > 0) return `${hours} h ${rest} min`;
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} d`;
}

/** 512 kB, 9.4 MB, 312 MB, 1.2 GB. */
export function bytes(amount: number): string {
  const kilo = amount / 1_000;
  if (kilo < 1_000) return `${Math.round(kilo)} kB`;
  const [value, unit] = kilo < 1e6 ? [kilo / 1e3, "MB"] : [kilo / 1e6, "GB"];
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}
