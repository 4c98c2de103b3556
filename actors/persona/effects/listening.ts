/** What others said, fetched from a platform. The words themselves never become events. */
import { authorHash, hashJson } from "../content.ts";
import type { KeptKind } from "../platforms/retention.ts";
import { keepMs } from "../platforms/retention.ts";
import type { ConnectionState } from "../state.ts";
import { repair, storable, storableJson } from "../text.ts";
import type { EffectContext } from "./context.ts";
import { reportIfLost } from "./lost.ts";

const DEADLINE_MS = 30_000;

export async function pollConnection(context: EffectContext, connection: ConnectionState): Promise<void> {
  if (context.now() < connection.quietUntil) return;
  let page;
  try {
    page = await context.within(DEADLINE_MS, async (signal) => {
      const { adapter, at } = await context.platform(connection, signal);
      return await adapter.poll(at, connection.cursor);
    });
  } catch (error) {
    if (await reportIfLost(context, connection, error)) return;
    throw error;
  }
  const { interactions, cursor } = page;
  const seen = new Set(context.state().seen);
  const items = interactions.map((interaction) => ({
    interaction,
    sourceHash: hashJson([connection.connectionId, interaction.id]),
    wordsRef: context.newId(),
    authorHash: authorHash(connection.platform, interaction.authorId),
    summons: interaction.summons ?? true,
    byBot: interaction.byBot ?? false,
  })).filter((item) => !seen.has(item.sourceHash));
  if (items.length === 0 && (cursor === null || cursor === connection.cursor)) return;
  const keptUntil = (kind: KeptKind) =>
    new Date(context.now() + keepMs(connection.platform, kind)).toISOString();
  await context.submit({
    type: "polled",
    connectionId: connection.connectionId,
    cursor,
    items: items.map(({ interaction: { kind, about, at }, ...rest }) => ({
      interaction: { kind, about, at },
      ...rest,
    })),
  }, {
    words: items.map(({ interaction, wordsRef }) => ({
      id: wordsRef,
      stream: context.state().id,
      kind: "interaction",
      platform: connection.platform,
      author: storable(interaction.authorId),
      content: storableJson({
        id: interaction.id,
        authorId: interaction.authorId,
        authorHandle: repair(interaction.authorHandle),
        text: repair(interaction.text),
        url: interaction.url,
      }),
      purgeAt: keptUntil("words"),
      profilePurgeAt: keptUntil("profile"),
    })),
  });
}
