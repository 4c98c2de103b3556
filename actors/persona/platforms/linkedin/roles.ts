import { object } from "./call.ts";
import { READERS } from "./describe.ts";
import { type LinkedInContext, readList, type Session } from "./session.ts";

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
    typeof organization === "string" && typeof role === "string" && state === "APPROVED"
      ? [{ page: organization, role }]
      : []
  );
}

export function mayWrite({ role }: PageRole): boolean {
  return WRITERS.has(role);
}

/** Whether the member's role on the page is one that reads everything. Throws `CallFailed`. */
export async function readsAll(session: Session, context: LinkedInContext): Promise<boolean> {
  const roles = toRoles(await readList(session, context, ROLES_PATH));
  return roles.some(({ page, role }) => page === session.author && READERS.has(role));
}
