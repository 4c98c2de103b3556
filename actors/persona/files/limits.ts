/** Every bound on a persona file. All have defaults; a caller overrides single ones. */
export interface PersonaFileLimits {
  /** Bytes of the whole file. @default 8_388_608 */
  fileBytes: number;
  /** Bytes that all compressed parts of one file may unfold to together. @default 16_777_216 */
  decompressedBytes: number;
  /** Width times height as the PNG header says; pixels are never decoded. @default 40_000_000 */
  pngPixels: number;
  /** Chunks in one PNG. @default 20_000 */
  pngChunks: number;
  /** Files in one charx archive. @default 1_000 */
  archiveFiles: number;
  /** Levels of nesting in the JSON, looked at before it is parsed. @default 64 */
  jsonDepth: number;
  /** Values in the JSON, looked at before it is parsed. @default 200_000 */
  jsonValues: number;
  /** Different secrets in one file; with more it is a pile of credentials, no persona. @default 100 */
  secrets: number;
  /** Characters of the name. @default 80 */
  nameLength: number;
  /** Characters of the background. @default 20_000 */
  backgroundLength: number;
  /** Characters of the purpose. @default 1_000 */
  purposeLength: number;
  /** Characters of one interest, value, tone, expertise or banned word. @default 200 */
  wordLength: number;
  /** Characters of one rule or example. @default 2_000 */
  lineLength: number;
  /** Entries of each list, knowledge excepted. @default 200 */
  listEntries: number;
  /** Pieces of knowledge. @default 500 */
  knowledgeEntries: number;
  /** Characters of the title of a piece of knowledge. @default 200 */
  knowledgeKeyLength: number;
  /** Characters of a piece of knowledge. @default 8_000 */
  knowledgeTextLength: number;
  /** Characters of the system prompt, and of each prompt in the preview. @default 20_000 */
  promptLength: number;
  /** Prompts, ignored things and warnings that one preview lists. @default 200 */
  reportEntries: number;
}

export const defaultLimits: PersonaFileLimits = {
  fileBytes: 8 * 1024 * 1024,
  decompressedBytes: 16 * 1024 * 1024,
  pngPixels: 40_000_000,
  pngChunks: 20_000,
  archiveFiles: 1_000,
  jsonDepth: 64,
  jsonValues: 20_000,
  secrets: 100,
  nameLength: 80,
  backgroundLength: 20_000,
  purposeLength: 1_000,
  wordLength: 200,
  lineLength: 2_000,
  listEntries: 200,
  knowledgeEntries: 500,
  knowledgeKeyLength: 200,
  knowledgeTextLength: 8_000,
  promptLength: 20_000,
  reportEntries: 200,
};
