/** `/settings/people`: how long others' words are kept, who asked to be left alone, and the erasure of what one person said. */
import type { Context, Hono } from "hono";
import { limitsOf } from "../../../actors/persona/platforms/limits.ts";
import {
  keepMs,
  type KeptFrom,
  RETENTION,
  type Retention,
} from "../../../actors/persona/platforms/retention.ts";
import { userNames } from "../../../db/read/console.ts";
import { addOptOut, listOptOuts, type OptOut, removeOptOut } from "../../../db/opt_outs.ts";
import type { Page } from "../../../db/read/page.ts";
import { lastErasures } from "../../../db/words/erase.ts";
import type { Sql } from "../../../db/sql.ts";
import { OptOutSchema } from "../../api/people.ts";
import { PlatformSchema } from "../../api/schemas/fields.ts";
import { route } from "../../route.ts";
import { flash, partial, pieces } from "../answers.tsx";
import { by, type Console, page } from "../context.tsx";
import { formOf } from "../giving.ts";
import { type Errors, FormError, Input } from "../parts/field.tsx";
import { Empty, Pager, PlatformChip, Post } from "../parts/small.tsx";
import { ExternalLink, Marked } from "../parts/text.tsx";
import { Time } from "../parts/time.tsx";
import { whoWords } from "../words.ts";
import { Erase, eraseFromForm, lookFromForm } from "./settings_erase.tsx";
import { errorsOf, filled, PlatformSelect } from "./settings_people_form.tsx";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Up to here a time is said in hours. */
const HOURS_UP_TO_MS = 3 * DAY_MS;

export function addPeople(app: Hono, con: Console): void {
  const all = { persona: null };
  route(app, "GET", "/settings/people", "settings.read", (c) => peoplePage(c, con), all);
  route(app, "POST", "/settings/people/opt-outs", "settings.edit", (c) => addFromForm(c, con), all);
  route(app, "POST", "/settings/people/opt-outs/remove", "settings.edit", (c) => removeFromForm(c, con), all);
  route(app, "POST", "/settings/people/erase/look", "settings.edit", (c) => lookFromForm(c, con), all);
  route(
    app,
    "POST",
    "/settings/people/erase",
    "settings.edit",
    (c) => eraseFromForm(c, con, () => optOuts(con)),
    all,
  );
}

async function peoplePage(c: Context, con: Console): Promise<Response> {
  return await page(c, con, async (sql) => {
    const listed = await readOptOuts(sql, con, c.req.query("after") ?? null);
    const erasures = await lastErasures(sql);
    return {
      title: "People outside",
      place: "settings",
      topics: [],
      body: (
        <div class="narrow">
          <div class="page-head">
            <div>
              <p class="small">
                <a class="link" href="/settings">← Settings</a>
              </p>
              <h1>People outside</h1>
              <p class="sub">
                What others say to personas is kept for a while only. Here is for how long, and what to do
                when somebody asks.
              </p>
            </div>
          </div>
          <OptOuts {...listed} />
          <Erase erasures={erasures} users={listed.users} now={listed.now} />
          <Kept />
        </div>
      ),
    };
  });
}

interface OptOutsProps extends Page<OptOut> {
  after: string | null;
  users: ReadonlyMap<string, string>;
  /** ms since the epoch. */
  now: number;
  typed?: Record<string, string>;
  errors?: Errors;
}

/** Throws BadPage. */
async function readOptOuts(sql: Sql, con: Console, after: string | null): Promise<OptOutsProps> {
  return { ...await listOptOuts(sql, { after }), after, users: await userNames(sql), now: con.now() };
}

function OptOuts({ items, next, after, users, now, typed = {}, errors = {} }: OptOutsProps) {
  return (
    <section class="panel stack" id="opt-outs">
      <h2>Asked to be left alone</h2>
      <p class="small soft">No persona writes to these people or names them.</p>
      {items.length === 0 && (
        <Empty title="Nobody yet">Add whoever asks, on the platform where they are.</Empty>
      )}
      {items.length > 0 && (
        <table class="table stacking">
          <thead>
            <tr>
              <th>Who</th>
              <th>Where</th>
              <th>Why and since when</th>
              <th></th>
            </tr>
          </thead>
          <tbody>
            {items.map((one) => (
              <tr>
                <td class="name wide">
                  <Who {...one} />
                </td>
                <td>
                  <PlatformChip platform={one.platform} />
                </td>
                <td class="small soft wide">
                  {one.note !== "" && (
                    <p dir="auto">
                      <Marked text={one.note} />
                    </p>
                  )}
                  <p>
                    <Time at={one.at} zone="UTC" now={now} />, by {whoWords(one.by, users)}
                  </p>
                </td>
                <td>
                  <Post
                    action="/settings/people/opt-outs/remove"
                    fields={{ platform: one.platform, accountId: one.accountId }}
                  >
                    <button class="btn danger" aria-label={`Remove ${one.handle ?? one.accountId}`}>
                      Remove
                    </button>
                  </Post>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Pager
        newer={after === null ? null : "/settings/people#opt-outs"}
        older={next === null ? null : `/settings/people?after=${next}#opt-outs`}
      />
      <Post action="/settings/people/opt-outs" class="stack" id="opt-out-form">
        <FormError errors={errors} />
        <div class="two">
          <PlatformSelect scope="opt-out" value={typed.platform} errors={errors} />
          <Input
            name="handle"
            label="Handle"
            scope="opt-out"
            value={typed.handle}
            errors={errors}
            hint="@ada, or the address of the profile. The account or the handle is enough; both are better."
            autocomplete="off"
            maxlength={300}
          />
          <Input
            name="accountId"
            label="Account"
            scope="opt-out"
            value={typed.accountId}
            errors={errors}
            hint="The platform's own id: a number on X, a DID on Bluesky, a URN on LinkedIn."
            autocomplete="off"
            maxlength={300}
          />
          <Input
            name="note"
            label="Note (may be empty)"
            scope="opt-out"
            value={typed.note}
            errors={errors}
            maxlength={2_000}
          />
        </div>
        <div class="row">
          <button class="btn">Leave this person alone</button>
        </div>
      </Post>
    </section>
  );
}

function Who({ accountId, handle }: OptOut) {
  return (
    <>
      {handle !== null && (
        <p>
          <bdi>
            <Marked text={`@${handle}`} />
          </bdi>
        </p>
      )}
      {!accountId.startsWith("@") && (
        <p class="mono small soft">
          <bdi>
            <Marked text={accountId} />
          </bdi>
        </p>
      )}
    </>
  );
}

/** The section with the first page of the list. */
async function optOuts(con: Console, more: Partial<OptOutsProps> = {}): Promise<string> {
  const listed = await readOptOuts(con.program.sql, con, null);
  return partial("#opt-outs", "outerHTML", <OptOuts {...listed} {...more} />);
}

async function addFromForm(c: Context, con: Console): Promise<Response> {
  const typed = await formOf(c);
  const parsed = OptOutSchema.safeParse(filled(typed, ["platform", "accountId", "handle", "note"]));
  if (!parsed.success) {
    return pieces(c, [await optOuts(con, { typed, errors: errorsOf(parsed.error) })], 422);
  }
  const { added } = await addOptOut(con.program.sql, { ...parsed.data, by: by(c), now: con.now() });
  return pieces(c, [await optOuts(con), flash(added ? "Added." : "This person was on the list already.")]);
}

async function removeFromForm(c: Context, con: Console): Promise<Response> {
  const { platform, accountId = "" } = await formOf(c);
  const known = PlatformSchema.safeParse(platform);
  const gone = known.success && await removeOptOut(con.program.sql, known.data, accountId);
  return pieces(c, [
    await optOuts(con),
    flash(gone ? "Removed." : "This person was not on the list any more."),
  ]);
}

function Kept() {
  return (
    <section class="panel stack" id="retention">
      <h2>How long words are kept</h2>
      <p class="small soft">
        Counted from when they came in. Then they are removed by themselves, within a minute; pages say when
        and under which rule. A prompt or an answer that quotes them goes with the first of them.
      </p>
      <table class="table stacking">
        <thead>
          <tr>
            <th>From</th>
            <th>What</th>
            <th>Kept</th>
            <th>Rule</th>
          </tr>
        </thead>
        <tbody>
          {shown().map(({ row, what }) => (
            <tr>
              <td class="name">{fromWords(row.from)}</td>
              <td>{what}</td>
              <td>{timeWords(row.keepMs)}</td>
              <td class="small soft wide">
                {row.rule}{" "}
                {row.source !== null && <ExternalLink href={row.source.url}>{row.source.name}</ExternalLink>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** One line where a platform keeps both alike, two where it does not. */
function shown(): { row: Retention; what: string }[] {
  return RETENTION.flatMap((row) => {
    if (row.from === "model") return row.kind === "words" ? [{ row, what: "Prompts and answers" }] : [];
    const alike = keepMs(row.from, "words") === keepMs(row.from, "profile");
    if (alike) return row.kind === "words" ? [{ row, what: "What was said, and by whom" }] : [];
    return [{ row, what: row.kind === "words" ? "What was said" : "By whom, with the link to it" }];
  });
}

function fromWords(from: KeptFrom): string {
  return from === "model" ? "Language model" : limitsOf(from).label;
}

function timeWords(ms: number): string {
  return ms <= HOURS_UP_TO_MS ? `${ms / HOUR_MS}\u00a0hours` : `${ms / DAY_MS}\u00a0days`;
}
