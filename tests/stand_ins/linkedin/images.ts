/** `/rest/images` and where the bytes go. */
import { createHash } from "node:crypto";
import { z } from "zod";
import { type Answer, denied, notFound, refuse, wrongInput } from "./answers.ts";
import { type Call, mayReadOf, needActor, POSTING_ROLES, readBody } from "./call.ts";
import { isUrn, urnInPath } from "./restli.ts";
import type { Image, World } from "./world.ts";

export const UPLOAD_PATH = "/dms-uploads/";
export const MAX_PIXELS = 36_152_320;
const UPLOAD_MS = 24 * 3_600_000;
const RESOURCE = "partnerApiImages";

const UploadBody = z.strictObject({ initializeUploadRequest: z.strictObject({ owner: z.string() }) });

/** `POST /rest/images?action=initializeUpload`. The address is on the other origin, as in earnest. */
export function initializeUpload(call: Call, webOrigin: string): Answer {
  call.query.oneOf("action", ["initializeUpload"]);
  call.query.end();
  const { owner } = readBody(call, UploadBody).initializeUploadRequest;
  if (!isUrn(owner, "person", "organization")) {
    throw wrongInput(400, "INVALID_URN_TYPE", "owner", "owner must be a person or an organization");
  }
  needActor(call, { resource: RESOURCE, method: "ACTION-initializeUpload" }, owner, "owner", {
    member: ["w_member_social"],
    organization: ["w_organization_social"],
    roles: POSTING_ROLES,
  });
  const id = call.world.nextSecret("D4E22AQ", 22);
  const uploadPath = `${UPLOAD_PATH}${id}/uploaded-image/0`;
  const image: Image = {
    urn: `urn:li:image:${id}`,
    owner,
    uploadPath,
    uploadUntil: call.world.now() + UPLOAD_MS,
    status: "WAITING_UPLOAD",
    bytes: 0,
    sha256: "",
  };
  call.world.images.push(image);
  const ut = call.world.nextSecret("ut", 24);
  return {
    status: 200,
    body: {
      value: {
        uploadUrlExpiresAt: image.uploadUntil,
        uploadUrl: `${webOrigin}${uploadPath}?ca=vector_feedshare&cn=uploads&sync=0&v=beta&ut=${ut}`,
        image: image.urn,
      },
    },
  };
}

/** The PUT of the bytes; `member` is whom its token belongs to. */
export function upload(
  world: World,
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
  member: string,
  fault: string | null,
): Answer {
  const image = world.images.find(({ uploadPath }) => uploadPath === path);
  if (image === undefined) throw notFound(path);
  const owners = [
    `urn:li:person:${member}`,
    ...world.roles.filter((role) => role.member === member).map((role) =>
      `urn:li:organization:${role.organization}`
    ),
  ];
  if (!owners.includes(image.owner)) throw denied("Not the owner of this upload");
  if (image.uploadUntil <= world.now()) throw refuse(400, { message: "EXPIRED_UPLOAD_URL" });
  if (bytes.length === 0) throw refuse(400, { message: "The request has no body" });
  const size = sizeOf(bytes);
  image.bytes = bytes.length;
  image.sha256 = createHash("sha256").update(bytes).digest("hex");
  const fits = size !== null && size.width * size.height <= MAX_PIXELS;
  image.status = fits && fault !== "image_processing_failed" ? "AVAILABLE" : "PROCESSING_FAILED";
  return { status: 201 };
}

export function getImage(call: Call): Answer {
  call.query.end();
  const urn = urnInPath(call.keys[0] ?? "", "image");
  const image = call.world.images.find((one) => one.urn === urn);
  // Whoever may only write cannot look at images either, not even at his own.
  const seen = mayReadOf(call, { resource: RESOURCE, method: "GET" }, image?.owner);
  if (image === undefined || !seen) throw notFound(urn);
  return { status: 200, body: { id: image.urn, owner: image.owner, status: image.status } };
}

/** Width and height of a PNG, GIF or JPEG; null for anything else. */
export function sizeOf(bytes: Uint8Array<ArrayBuffer>): { width: number; height: number } | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const starts = (...expected: number[]) => expected.every((byte, at) => bytes[at] === byte);
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a) && bytes.length >= 24) {
    return { width: view.getUint32(16), height: view.getUint32(20) };
  }
  if (starts(0x47, 0x49, 0x46, 0x38) && bytes.length >= 10) {
    return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
  }
  if (!starts(0xff, 0xd8)) return null;
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff;) {
    const marker = bytes[at + 1] ?? 0;
    // The frame headers; C4, C8 and CC in their midst are something else.
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    }
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}
