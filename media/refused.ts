/** Why a picture is not taken. The message says what was wrong and what would be right, for people. */
export type PictureFault =
  | "not_a_picture"
  | "unsupported"
  | "damaged"
  | "too_large"
  | "too_many_pixels"
  | "busy"
  | "too_slow";

export class PictureRefused extends Error {
  override readonly name = "PictureRefused";
  constructor(readonly code: PictureFault, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

export function damaged(what: string, cause?: unknown): PictureRefused {
  const message = `The picture is damaged: ${what}. Save it again as JPEG or PNG.`;
  return new PictureRefused("damaged", message, cause === undefined ? undefined : { cause });
}

export function unsupported(what: string): PictureRefused {
  return new PictureRefused("unsupported", `${what} Save it as an ordinary JPEG or PNG.`);
}
