import assert from "node:assert/strict";
import { putMedia } from "../../db/media.ts";
import { asPng, quarters } from "../../media/testing.ts";
import { testOn } from "../../tests/database.ts";
import { inProcessProgram } from "../../tests/in_process_program.ts";
import { startTestSite } from "../access/test_site.ts";
import { addMedia, pathOfPicture } from "./media.ts";

testOn(
  "embedded",
  "a picture in the console: shown to who is logged in, and to nobody else",
  async (database) => {
    const { program, close } = await inProcessProgram(database);
    const site = startTestSite(database.sql, { routes: (app) => addMedia(app, { program }) });
    try {
      const data = await asPng(quarters(8, 8));
      const { sha256 } = await putMedia(database.sql, "p", { mime: "image/png", width: 8, height: 8, data });
      const cookie = await site.setUpOwner();
      const path = pathOfPicture("p", sha256);

      const stranger = await site.send(path);
      await stranger.body?.cancel();
      assert.notEqual(stranger.status, 200);

      const shown = await site.send(path, { cookie });
      assert.deepEqual(new Uint8Array(await shown.arrayBuffer()), data);
      assert.equal(shown.headers.get("content-type"), "image/png");
      assert.equal(shown.headers.get("content-security-policy"), "default-src 'none'; sandbox");
      assert.equal(shown.headers.get("x-content-type-options"), "nosniff");
      for (const none of [pathOfPicture("q", sha256), pathOfPicture("p", "0".repeat(64)), "/media/p/x"]) {
        const answer = await site.send(none, { cookie });
        await answer.body?.cancel();
        assert.equal(answer.status, 404, none);
        assert.match(answer.headers.get("content-security-policy") ?? "", /script-src 'self'/);
      }
    } finally {
      await site.close();
      await close();
    }
  },
);
