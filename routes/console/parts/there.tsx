/** A place on a platform, as a link; what is in the sandbox is shown here. */
import type { Child } from "hono/jsx";
import { ExternalLink } from "./text.tsx";

export function There({ url, children }: { url: string; children?: Child }) {
  return isOutside(url)
    ? <ExternalLink href={url}>{children}</ExternalLink>
    : <a class="link" href="/sandbox" target="_blank" rel="noopener">{children}</a>;
}

export function isOutside(url: string): boolean {
  return url.startsWith("http") && !url.includes("/sandbox");
}
