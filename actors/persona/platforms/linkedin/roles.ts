import type { AdapterContext } from "../port.ts";
import { object } from "./call.ts";
import { READERS } from "./describe.ts";
import { readList, type Session } from "./session.ts";

const WRITERS = new Set([...READERS, "DIRECT_SPONSORED_CONTENT_POSTER"]);

export interface PageRole {
  /** `urn:li:organization:…` */
  page: string;
  role: string;
}

export const ROLES_PATH = "/rest/organizationAcls?q=roleAssignee&state=APPROVED&count=100";

/** The roles in LinkedIn's answer. */
export function toRoles(elements: unknown[]): PageRole[] {
  return elements.map(object).flatMap(({ organization, role, state }) =>
    typeof organization === "string" && typeof role === "string" && /^[A-Z_]{1,60}$/.test(role) &&
      state === "APPROVED"
      ? [{ page: organization, role }]
      : []
  );
}

export function mayWrite({ role }: PageRole): boolean {
  return WRITERS.has(role);
}

/** Whether the member's role on the page is known to be one that reads everything. Throws `PlatformFailed`. */
export async function readsAll(session: Session, context: AdapterContext): Promise<boolean> {
  if (!session.scopes.includes("rw_organization_admin")) return false;
  const roles = toRoles(await readList(session, context, ROLES_PATH));
  return roles.some(({ page, role }) => page === session.author && READERS.has(role));
}
