import assert from "node:assert/strict";
import { join } from "node:path";
import { testOn } from "../../tests/database.ts";
import { importKey, loadVaultKey, openVault, rotateKey } from "./vault.ts";

const keyText = (fill: number) => new Uint8Array(32).fill(fill).toBase64();
const SECRET = "planted-secret-3f9c";

async function inFolder(work: (dataDir: string) => Promise<void>): Promise<void> {
  const dataDir = await Deno.makeTempDir({ prefix: "digi-persona-vault-" });
  try {
    await work(dataDir);
  } finally {
    await Deno.remove(dataDir, { recursive: true });
  }
}

/** What the error and everything that it carries say. */
async function saidBy(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return Deno.inspect(error, { depth: 10 }) + JSON.stringify(error);
  }
  throw new Error("it did not fail");
}

testOn(
  "embedded",
  "The vault gives back what was put, and only to the version that was seen",
  async ({ sql }) => {
    const vault = openVault(sql, await importKey(keyText(1), "k"));
    assert.equal(await vault.get("c1"), null);
    assert.deepEqual(await vault.put("c1", 0, SECRET), { ok: true, version: 1 });
    assert.deepEqual(await vault.put("c1", 0, "other"), { ok: false, version: 1 });
    assert.deepEqual(await vault.put("c1", 7, "other"), { ok: false, version: 1 });
    assert.deepEqual(await vault.put("c1", 1, "ж😀"), { ok: true, version: 2 });
    assert.deepEqual(await vault.get("c1"), { version: 2, value: "ж😀" });
    assert.deepEqual(await vault.put("unknown", 3, "x"), { ok: false, version: 0 });
    const races = await Promise.all([
      vault.put("c1", 2, "a"),
      vault.put("c1", 2, "b"),
      vault.put("c1", 2, "c"),
    ]);
    assert.equal(races.filter(({ ok }) => ok).length, 1);
    await vault.delete("c1");
    assert.equal(await vault.get("c1"), null);
  },
);

testOn(
  "embedded",
  "A late renewal of a secret that was deleted does not reach the one that came after it",
  async ({ sql }) => {
    const vault = openVault(sql, await importKey(keyText(1), "k"));
    await vault.put("c1", 0, SECRET);
    await vault.delete("c1");
    assert.deepEqual(await vault.put("c1", 1, "late"), { ok: false, version: 0 });
    assert.equal(await vault.get("c1"), null);
    const [gone] = await sql.query("select version, key_id, nonce, ciphertext from vault");
    assert.deepEqual(gone, { version: 1, key_id: null, nonce: null, ciphertext: null });
    const races = await Promise.all(["of B", "of C"].map((value) => vault.put("c1", 0, value)));
    assert.deepEqual(races.map(({ ok }) => ok).sort(), [false, true]);
    assert.ok(races.every(({ version }) => version === 2));
    const after = await vault.get("c1");
    assert.deepEqual(await vault.put("c1", 1, "late"), { ok: false, version: 2 });
    assert.deepEqual(await vault.get("c1"), after);
    await vault.delete("c1");
    await vault.delete("c1");
    assert.deepEqual(await vault.put("c1", 0, "of D"), { ok: true, version: 3 });
  },
);

testOn("embedded", "The vault refuses an empty value", async ({ sql }) => {
  const vault = openVault(sql, await importKey(keyText(1), "k"));
  await vault.put("c1", 0, SECRET);
  await assert.rejects(vault.put("c1", 1, ""), /empty/);
  assert.equal((await vault.get("c1"))?.value, SECRET);
});

testOn(
  "embedded",
  "A row of the vault does not open for another connection, version or key, and no error says its value",
  async ({ sql }) => {
    const vault = openVault(sql, await importKey(keyText(1), "k"));
    await vault.put("c1", 0, SECRET);
    await sql.query("insert into vault select 'c2', version, key_id, nonce, ciphertext from vault");
    const texts = [
      await saidBy(vault.get("c2")),
      await saidBy(openVault(sql, await importKey(keyText(2), "k")).get("c1")),
    ];
    await sql.query("update vault set version = 5 where id = 'c1'");
    texts.push(await saidBy(vault.get("c1")));
    await sql.query("drop table vault");
    texts.push(await saidBy(vault.put("c1", 1, SECRET)));
    texts.push(await saidBy(importKey(`${SECRET} no base64`, "DIGI_PERSONA_KEY")));
    for (const text of texts) assert.ok(!text.includes(SECRET) && !text.includes(keyText(1)), text);
  },
);

testOn("embedded", "A secret is nowhere in the vault's rows in plain", async ({ sql }) => {
  await openVault(sql, await importKey(keyText(1), "k")).put("c1", 0, SECRET);
  const [row] = await sql.query<{ ciphertext: Uint8Array }>("select ciphertext from vault");
  assert.ok(row && !new TextDecoder().decode(row.ciphertext).includes(SECRET));
});

testOn(
  "embedded",
  "A key is made on the first start, for its owner alone, and found again",
  ({ sql }) =>
    inFolder(async (dataDir) => {
      const made = await loadVaultKey(sql, { key: null, dataDir });
      assert.equal((await Deno.stat(join(dataDir, "vault.key"))).mode! & 0o777, 0o600);
      await openVault(sql, made).put("c1", 0, SECRET);
      const found = await loadVaultKey(sql, { key: null, dataDir });
      assert.equal((await openVault(sql, found).get("c1"))?.value, SECRET);
    }),
);

testOn(
  "embedded",
  "A filled vault with a missing or wrong key is refused, and no key is made",
  ({ sql }) =>
    inFolder(async (dataDir) => {
      const key = await loadVaultKey(sql, { key: keyText(1), dataDir });
      await openVault(sql, key).put("c1", 0, SECRET);
      await assert.rejects(loadVaultKey(sql, { key: null, dataDir }), /key is missing/);
      await assert.rejects(loadVaultKey(sql, { key: keyText(2), dataDir }), /another key/);
      await assert.rejects(loadVaultKey(sql, { key: "c2hvcnQ=", dataDir }), /5 bytes instead of 32/);
      assert.deepEqual([...Deno.readDirSync(dataDir)], []);
      await loadVaultKey(sql, { key: keyText(1), dataDir });
      await openVault(sql, key).delete("c1");
      await loadVaultKey(sql, { key: keyText(2), dataDir });
      await assert.rejects(
        (async () => {
          await openVault(sql, await importKey(keyText(2), "k")).put("c1", 0, SECRET);
          await loadVaultKey(sql, { key: keyText(1), dataDir });
        })(),
        /another key/,
      );
    }),
);

testOn(
  "embedded",
  "A rotated key opens everything, the old one nothing",
  ({ sql }) =>
    inFolder(async (dataDir) => {
      const [from, to] = [await importKey(keyText(1), "k"), await importKey(keyText(2), "k")];
      await loadVaultKey(sql, { key: keyText(1), dataDir });
      await openVault(sql, from).put("c1", 0, SECRET);
      await openVault(sql, from).put("c2", 0, "two");
      await openVault(sql, from).put("c3", 0, "gone");
      await openVault(sql, from).delete("c3");
      assert.equal(await rotateKey(sql, from, to), 2);
      assert.equal((await openVault(sql, to).get("c1"))?.value, SECRET);
      await assert.rejects(openVault(sql, from).get("c1"), /does not open/);
      await loadVaultKey(sql, { key: keyText(2), dataDir });
      await assert.rejects(loadVaultKey(sql, { key: keyText(1), dataDir }), /another key/);
      await assert.rejects(rotateKey(sql, from, to), /does not open/);
      assert.equal((await openVault(sql, to).get("c2"))?.value, "two");
      assert.deepEqual(await openVault(sql, to).put("c3", 0, "again"), { ok: true, version: 2 });
    }),
);
