/** The value of a flag that is a whole number; anything else ends the program, with 78. */
export function wholeNumber(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  console.error(`--${name} must be a whole number, not “${text}”`);
  Deno.exit(78);
}
