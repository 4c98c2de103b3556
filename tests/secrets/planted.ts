/** Secrets as they come in life: by settings, by forms, by servers, in files. */
const random = (length = 24) =>
  crypto.getRandomValues(new Uint8Array(length)).toBase64({ alphabet: "base64url" }).replace(/[-_]/g, "x");

export const PLANTED = {
  "vault key": crypto.getRandomValues(new Uint8Array(32)).toBase64(),
  "model key": `sk-proj-${random()}`,
  "Bluesky password": `Aa1&+/="'<${random()}`,
  "wrong Bluesky password": random(),
  "access token": `eyJ${random()}.${random(48)}.${random()}`,
  "refresh token": `eyJ${random()}.${random(48)}.${random()}`,
  "renewed access token": `plain${random(48)}`,
  "renewed refresh token": `plain${random(48)}`,
  "client secret of the app on X": random(50),
  "client secret of the app on LinkedIn": `WPL_AP1.${random()}`,
  "key of an account on X": random(50),
  "key in a persona file's settings": `sk-${random(36)}`,
  "key in a persona file's text": `sk-ant-api03-${random(48)}`,
  "token in a persona file's secrets": `xoxb-${random(36)}`,
};
