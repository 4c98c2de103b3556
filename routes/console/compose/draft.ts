/** What a form of a new post says: where it goes, and what stands in each place. */
import type { ConnectionRead } from "../../../db/read/connections.ts";
import type { Place } from "./looked.ts";
import { type Picture, picturesOf } from "./pictures.ts";

export type Fields = Record<string, string>;

export interface Draft {
  /** Written by the person, or by the writer from a brief. */
  mode: "own" | "brief";
  brief: string;
  /** For all places that have none of their own. */
  text: string;
  places: DraftPlace[];
  /** Null where the field holds what no page of ours wrote. */
  pictures: Picture[] | null;
  /** Ties the posts of several places together. */
  setId: string;
}

export interface DraftPlace extends Place {
  isChosen: boolean;
  isVariant: boolean;
  text: string;
  /** Made with the page, so that a form that is sent twice makes one post. */
  postId: string;
}

/** A field that was not sent is empty; accounts that are gone since are left out. */
export function draftOf(fields: Fields, connections: ConnectionRead[]): Draft {
  const text = fields.text ?? "";
  const several = connections.filter(({ id }) => `to-${id}` in fields).length > 1;
  return {
    mode: fields.mode === "brief" ? "brief" : "own",
    brief: fields.brief ?? "",
    text,
    places: connections.map(({ id, platform, accountId, handle }) => {
      const isVariant = several && `variant-${id}` in fields;
      return {
        connectionId: id,
        platform,
        accountId,
        handle,
        isChosen: `to-${id}` in fields,
        isVariant,
        text: isVariant ? fields[`text-${id}`] ?? "" : text,
        postId: fields[`post-${id}`] ?? "",
      };
    }),
    pictures: picturesOf(fields.pictures),
    setId: fields.set ?? "",
  };
}
