/** How handles are compared: in small letters, without `@`. `foreign_words_handle` does the same in SQL. */
export const handleKey = (handle: string): string => handle.trim().replace(/^@+/, "").toLowerCase();
