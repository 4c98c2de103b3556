/**
 * X's library asks for Node's own `punycode`, which says on stderr, in every worker, that it is deprecated: no news to an
 * operator. So what is loaded between the import of this module and `speakAgain` says nothing of that kind.
 */
const { process } = globalThis as { process?: { noDeprecation?: boolean } };
const before = process?.noDeprecation;
if (process !== undefined) process.noDeprecation = true;

export function speakAgain(): void {
  if (process !== undefined) process.noDeprecation = before;
}
