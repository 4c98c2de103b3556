/** What stands in a persona's texts for the person whom a chat would have as `{{user}}`. */
const reader = "the reader";

export interface Expanded {
  text: string;
  /** The names of the macros that were found, e.g. `random`. */
  macros: string[];
}

/**
 * Replaces the macros that have one meaning here: the persona's name and the reader. Comments and `{{original}}` go;
 * all others, such as `{{random:a,b}}`, stay as they are.
 */
export function expandMacros(text: string, name: string): Expanded {
  const macros = new Set<string>();
  const replaced = text.replace(
    /\{\{\s{0,4}((?:\/\/|[a-zA-Z_]{1,30}\d{0,2}))([^{}]{0,2000})\}\}/g,
    (whole, key: string, rest: string) => {
      const macro = key.toLowerCase();
      macros.add(macro === "//" ? "comment" : macro);
      if (macro === "//" || (macro === "original" && rest.trim() === "")) return "";
      if (rest.trim() !== "") return whole;
      if (macro === "char" || macro === "agentname" || macro === "charname") return name;
      if (/^user\d{0,2}$|^username$/.test(macro)) return reader;
      return whole;
    },
  ).replace(/<(USER|BOT|CHAR)>/g, (_, key: string) => {
    macros.add(key.toLowerCase());
    return key === "USER" ? reader : name;
  });
  return { text: replaced, macros: [...macros] };
}
