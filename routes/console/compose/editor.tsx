/** Where texts are written and pictures are given: the same for new posts and for those that are there. */
import { limitsOf } from "../../../actors/persona/platforms/limits.ts";
import type { Platform } from "../../../actors/persona/platforms/port.ts";
import { MAX_ALT_LENGTH, MAX_PARTS } from "../../api/limits.ts";
import { plural } from "../parts/small.tsx";
import type { Picture } from "./pictures.ts";

/** What files a person may choose; what is really in them is looked at when they arrive. */
const ACCEPTED = "image/jpeg,image/png,image/webp,image/gif";

interface PicturesFieldProps {
  personaId: string;
  /** Each picture is made ready for all of these. */
  platforms: Platform[];
  /** As the field was sent, where it comes back; else of the post. */
  value: string;
  /** An answer: some platforms take no pictures in it. @default false */
  isReply?: boolean;
}

/** The script draws the list from the field `pictures`, so that what is kept of a form is all of it. */
export function PicturesField({ personaId, platforms, value, isReply = false }: PicturesFieldProps) {
  const limits = platforms.map(limitsOf);
  const most = Math.max(
    0,
    ...limits.map(({ maxImages, maxReplyImages }) => isReply ? maxReplyImages : maxImages),
  );
  if (most === 0 && value === "") return null;
  const upload = `/personas/${personaId}/compose/picture?for=${[...new Set(platforms)].join(",")}`;
  return (
    <fieldset class="field pictures" data-pictures={`/media/${personaId}/`} data-upload={upload}>
      <legend>Pictures</legend>
      <textarea name="pictures" hidden aria-hidden="true" tabindex={-1}>{value}</textarea>
      <ol data-picture-list=""></ol>
      <template>
        <li>
          <label class="field">
            <span data-alt-label="">What it shows (alt text)</span>
            <textarea data-alt="" rows={2} maxlength={MAX_ALT_LENGTH} dir="auto"></textarea>
          </label>
          <p class="row small">
            <label class="in-part" data-in-part="" hidden>
              in part <input type="number" data-part="" min={1} max={MAX_PARTS} />
            </label>
            <button class="btn quiet" type="button" data-move="-1" title="Earlier">
              ↑<span class="sr">Earlier</span>
            </button>
            <button class="btn quiet" type="button" data-move="1" title="Later">
              ↓<span class="sr">Later</span>
            </button>
            <button class="btn quiet danger" type="button" data-remove="">Remove</button>
          </p>
        </li>
      </template>
      <p class="error" data-picture-trouble="" role="alert"></p>
      <p class="row">
        <label class="btn">
          Add pictures
          <input class="sr" type="file" accept={ACCEPTED} multiple />
        </label>
        <span class="hint">
          <span class="by-mouse">or paste or drop them here ·</span> at most {most} in one{" "}
          {limitsOf(platforms[0] ?? "sandbox").maxParts > 1 ? "part" : "post"}
        </span>
      </p>
    </fieldset>
  );
}

export function picturesValue(pictures: Picture[]): string {
  return pictures.length === 0 ? "" : JSON.stringify(pictures);
}

/** How parts are typed. */
export function partsHint(platforms: Platform[]): string {
  const most = Math.max(...platforms.map((platform) => limitsOf(platform).maxParts));
  return most > 1
    ? `A line of three dashes (---) begins the next part of a thread, at most ${plural(most, "part")}.`
    : "One part: this platform has no threads.";
}
