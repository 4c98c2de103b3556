/** The table of routes × roles, by action. */
import type { Action } from "../routes/access/authorize.ts";
import { TOKENS } from "./whole_app.ts";

/** Who gets in where, besides the owner, who gets in everywhere; written out by hand, so that a slip in `authorize` shows. */
export const ADMITTED: Record<Action, string[]> = {
  "public": ["anonymous", ...Object.keys(TOKENS), "adminToken"],
  "persona.list": ["read", "everyScope", "adminToken"],
  "persona.read": ["read", "everyScope", "adminToken"],
  "persona.create": ["write", "everyScope", "adminToken"],
  "persona.import": ["write", "everyScope", "adminToken"],
  "persona.edit": ["write", "everyScope", "adminToken"],
  "persona.delete": ["write", "everyScope", "adminToken"],
  "persona.command": ["write", "everyScope", "adminToken"],
  "persona.approve": ["approveReal", "everyScope"],
  "persona.connect": ["write", "everyScope", "adminToken"],
  "sandbox.approve": ["approve", "approveReal", "everyScope", "adminToken"],
  "posting.stop": ["write", "everyScope", "adminToken"],
  "posting.lift": [],
  "events.read": ["read", "everyScope", "adminToken"],
  "live.read": ["read", "everyScope", "adminToken"],
  "runtime.read": ["read", "everyScope", "adminToken"],
  "runtime.control": ["adminToken"],
  "settings.read": ["read", "everyScope", "adminToken"],
  "settings.edit": ["adminToken"],
  "openapi.read": [...Object.keys(TOKENS), "adminToken"],
  "metrics.read": ["metrics", "everyScope", "adminToken"],
  "tokens.manage": ["adminToken"],
  "tokens.grant_real_approval": [],
  "users.manage": ["adminToken"],
  "account.edit": [],
};

/** Which right a command needs stands in its body: who may only approve is let as far as that. */
export const COMMANDS = /^\/api\/v1\/(personas\/:personaId\/)?commands$/;
