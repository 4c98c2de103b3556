/** Links and cashtags. Hashtags are free everywhere. */
import { limitsOf } from "../platforms/limits.ts";
import { PRICES } from "../platforms/x/price_list.ts";
import { block, pass, type Rule, warn } from "./rule.ts";
import { SOURCES } from "./sources.ts";

export const links: Rule = ({ content }) => {
  for (const facet of content.parts.flatMap((part) => part.facets)) {
    if (facet.kind === "link" && !/^https?:\/\//i.test(facet.uri)) {
      return block("links", "Holds a link that is neither http nor https.");
    }
  }
  return pass("links", "All links are http or https.");
};

/** A bare domain counts too: it is a facet once the text has been prepared. */
export const linkPrice: Rule = ({ content, connection }) => {
  if (connection.platform !== "x") return null;
  const { microUsd: { post, postWithLink }, source } = PRICES;
  const withLink =
    content.parts.filter(({ text, facets }) =>
      facets.some((facet) => facet.kind === "link") || /https?:\/\//i.test(text)
    ).length;
  if (withLink === 0) return pass("link_price", "Holds no link, for which X would charge more.", source);
  const which = content.parts.length === 1 ? "this post" : `each of ${withLink} parts`;
  return warn(
    "link_price",
    `X charges ${dollars(postWithLink)} for ${which} because of its link; without one it is ${
      dollars(post)
    }.`,
    source,
  );
};

const dollars = (microUsd: number): string => `$${(microUsd / 1_000_000).toFixed(3).replace(/0$/, "")}`;

export const cashtags: Rule = ({ content, connection }) => {
  const { maxCashtags, label } = limitsOf(connection.platform);
  if (maxCashtags === undefined) return null;
  const most = Math.max(
    0,
    ...content.parts.map(({ facets }) => facets.filter((facet) => facet.kind === "cashtag").length),
  );
  return most > maxCashtags
    ? block(
      "cashtags",
      `A part has ${most} cashtags; ${label} takes at most ${maxCashtags}.`,
      SOURCES.xChanges,
    )
    : pass("cashtags", `No part has more than ${maxCashtags} cashtag.`, SOURCES.xChanges);
};
