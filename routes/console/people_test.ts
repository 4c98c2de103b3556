/** People outside in the console, on a real database: who is left alone, what is erased, how long words are kept. */
import assert from "node:assert/strict";
import { authorHash } from "../../actors/persona/content.ts";
import { type ConsoleSite, testConsole } from "../../tests/console_site.ts";
import { listOptOuts } from "../../db/opt_outs.ts";

const PAGE = "/settings/people";
const HOSTILE = `<script>alert(1)</script> \u202egnp.exe`;
const ADA_DID = "did:plc:ewvi7nxzyoun6zhxrhs64oiz";
const ADA = { platform: "bluesky", handle: "@Ada.example", authorId: "", reason: "Asked for it by mail." };

/** Two texts of Ada to two personas, a prompt that quotes one of them, and a text of Bo. */
async function words({ program: { sql } }: ConsoleSite): Promise<void> {
  await sql.query(
    `insert into foreign_words (id, stream, kind, platform, author, content, created_at, quotes) values
     ($1, 'p1', 'interaction', 'bluesky', '${ADA_DID}', '{"authorHandle": "ada.example", "text": "Hello"}', now(), '{}'),
     (gen_random_uuid(), 'p2', 'interaction', 'bluesky', '${ADA_DID}', '{"text": "Again"}', now(), '{}'),
     (gen_random_uuid(), 'p2', 'interaction', 'bluesky', 'did:bo', '{"text": "Bo"}', now(), '{}'),
     (gen_random_uuid(), 'p1', 'prompt', 'model', null, '"She said hello"', now(), array[$1])`,
    [crypto.randomUUID()],
  );
}

const kept = async ({ program: { sql } }: ConsoleSite) =>
  (await sql.query("select 1 from foreign_words where removed_at is null")).length;

testConsole(
  "the page of people says how long words are kept, by which rule, with its source",
  async (site) => {
    const { text } = await site.get(PAGE);
    for (
      const said of [
        /LinkedIn<\/td><td>What was said<\/td><td>48.hours/,
        /LinkedIn<\/td><td>By whom, with the link to it<\/td><td>24.hours/,
        /X<\/td><td>What was said, and by whom<\/td><td>90.days/,
        /Language model<\/td><td>Prompts and answers<\/td><td>365.days/,
        /href="https:\/\/learn\.microsoft\.com\/en-us\/linkedin\/marketing\/data-storage-requirements"/,
      ]
    ) assert.match(text, said);
    assert.match((await site.get("/settings")).text, /href="\/settings\/people"/);
  },
);

testConsole("a person is added to those left alone, shown with who and why, and removed", async (site) => {
  const typed = { platform: "linkedin", handle: "@Bo", accountId: "urn:li:person:bo", note: HOSTILE };
  const added = await site.post(`${PAGE}/opt-outs`, typed);
  assert.equal(added.status, 200);
  for (const text of [added.text, (await site.get(PAGE)).text]) {
    assert.match(text, /@bo<[^]*urn:li:person:bo[^]*LinkedIn[^]*by Ann/);
    assert.doesNotMatch(text, /<script>alert|\u202e/);
  }
  assert.match(
    (await site.post(`${PAGE}/opt-outs`, { ...typed, handle: "" })).text,
    /on the list already/,
  );
  const [entry] = (await listOptOuts(site.program.sql)).items;
  assert.match(entry?.by ?? "", /^user:/);
  const account = { platform: "linkedin", accountId: "urn:li:person:bo" };
  const removed = await site.post(`${PAGE}/opt-outs/remove`, account);
  assert.match(removed.text, /Removed\.[^]*/);
  assert.match(removed.text, /Nobody yet/);
  assert.match((await site.post(`${PAGE}/opt-outs/remove`, account)).text, /not on the list any more/);
  assert.equal((await site.post(`${PAGE}/opt-outs/remove`, { platform: "orkut" })).status, 200);
});

testConsole(
  "a form about a person that is wrong keeps what was typed and says what is wrong",
  async (site) => {
    const nobody = await site.post(`${PAGE}/opt-outs`, { platform: "x", handle: " ", note: "a note" });
    assert.equal(nobody.status, 422);
    assert.match(nobody.text, /The account is missing: name an account, a handle, or both\./);
    assert.match(nobody.text, /value="a note"/);
    assert.match(nobody.text, /<option value="x" selected/);
    const never = await site.post(`${PAGE}/opt-outs`, { platform: "bluesky", handle: "zoe example" });
    assert.equal(never.status, 422);
    assert.match(never.text, /The handle must be a whole name such as ada\.bsky\.social\./);
    const named = await site.post(`${PAGE}/erase/look`, {
      ...ADA,
      reason: "ada.example asked",
      optOut: "on",
    });
    assert.equal(named.status, 422);
    assert.match(named.text, /The reason is kept: it must not name the person\./);
    assert.match(named.text, /value="@Ada.example"[^]*name="optOut"[^>]*checked/);
    assert.equal((await site.post(`${PAGE}/erase`, { ...ADA, platform: "orkut" })).status, 422);
    assert.equal(
      (await site.post(`${PAGE}/opt-outs`, { platform: "x", handle: "a", note: "\u0000" })).status,
      422,
    );
  },
);

testConsole(
  "an erasure says what it will remove, removes nothing before it is confirmed, then that only",
  async (site) => {
    await words(site);
    const looked = await site.post(`${PAGE}/erase/look`, { ...ADA, optOut: "on" });
    assert.match(
      looked.text,
      /<b>2 texts<\/b> to 2 personas and[^]*<b>1 prompt or answer<\/b>[^]*@Ada\.example[^]*on Bluesky/,
    );
    assert.match(looked.text, /Erase 3 texts/);
    assert.equal(await kept(site), 4);
    const hidden = [...looked.text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)];
    const fields = Object.fromEntries(hidden.map(([, name = "", value = ""]) => [name, value]));
    assert.equal(fields.back, "1", "the way back is a form too");
    const back = await site.post(`${PAGE}/erase/look`, fields);
    assert.match(back.text, /value="@Ada.example"[^]*Asked for it by mail\.[^]*checked/);
    const { back: _, ...confirmed } = fields;
    const done = await site.post(`${PAGE}/erase`, confirmed);
    assert.match(done.text, /3 texts erased\. No persona writes to this person any more\./);
    assert.match(done.text, /Asked to be left alone[^]*@ada\.example[^]*did:plc:ewvi7/);
    assert.match(done.text, /Erased so far[^]*3 texts[^]*by Ann/);
    assert.equal(await kept(site), 1);
    const again = await site.post(`${PAGE}/erase/look`, { ...ADA, authorId: ADA_DID });
    assert.match(again.text, /Nothing is kept of/);
    assert.doesNotMatch(again.text, /can delete/);
  },
);

testConsole(
  "an erasure leads to the posts that name or answer the person, before and after it",
  async (site) => {
    const { sql } = site.program;
    await words(site);
    const posts = Array.from({ length: 22 }, () => crypto.randomUUID());
    await sql.query(
      `insert into said (id, stream, platform, position, at, going, out, bands, subjects, posted)
       select id, 'p1', 'bluesky', n, now(), false, true, '{}', array[$2], '{}'
       from unnest($1::text[]) with ordinality as p (id, n)`,
      [posts, `who ${authorHash("bluesky", ADA_DID)}`],
    );
    const newest = new RegExp(`<b>22 posts</b> of personas name or answer[^]*/posts/${posts[21]}"`);
    for (const step of ["/look", ""]) {
      const { text } = await site.post(`${PAGE}/erase${step}`, ADA);
      assert.match(text, newest);
      assert.match(text, /And 2 more, older ones/);
      assert.ok(!text.includes(posts[1] ?? ""));
    }
  },
);
