/** The little of X's search language that this stand-in plays; the rest is refused by name. */
import { accountNamed, type Post, type World } from "./world.ts";
import { mentionedIn } from "./posts.ts";

const TERM = /"[^"]+"|\S+/g;

/** Whether a post is found, or what is wrong with the query. All terms must hold; `-` before one turns it round. */
export function searchFor(world: World, query: string): ((post: Post) => boolean) | string {
  const tests: ((post: Post) => boolean)[] = [];
  for (const [term] of query.matchAll(TERM)) {
    const negated = term.startsWith("-");
    const test = testFor(world, negated ? term.slice(1) : term);
    if (typeof test === "string") return test;
    tests.push(negated ? (post) => !test(post) : test);
  }
  return (post) => tests.every((test) => test(post));
}

function testFor(world: World, term: string): ((post: Post) => boolean) | string {
  const [, operator, operand = ""] = /^([a-z_]+):(.+)$/.exec(term) ?? [];
  const idOf = (username: string) => accountNamed(world, username.replace(/^@/, ""))?.id;
  switch (operator) {
    case undefined:
      if (term.startsWith("@")) return (post) => mentionedIn(world, post).has(idOf(term) ?? "");
      if (["OR", "(", ")"].some((mark) => term.includes(mark))) return `"${term}" is not played`;
      return (post) => post.text.toLowerCase().includes(term.replaceAll('"', "").toLowerCase());
    case "from":
      return (post) => post.authorId === idOf(operand);
    case "to":
      return (post) => post.replyTo !== null && world.posts.get(post.replyTo)?.authorId === idOf(operand);
    case "conversation_id":
      return (post) => post.conversationId === operand;
    case "in_reply_to_tweet_id":
      return (post) => post.replyTo === operand;
    case "quotes_of_tweet_id":
      return (post) => post.quotes === operand;
    case "is":
      if (operand === "reply") return (post) => post.replyTo !== null;
      if (operand === "quote") return (post) => post.quotes !== null;
      if (operand === "retweet") return () => false;
      return `"${term}" is not played`;
    default:
      return `"${term}" is not played`;
  }
}
