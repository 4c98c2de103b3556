/** Answers in English. */
import type { AnswerBook } from "./answer_phrases.ts";

export const english: AnswerBook = {
  asks_who: {
    first: [
      "I'm an AI persona, run by {operator}.",
      "No human writes here by hand: I'm an AI persona, run by {operator}.",
      "You're talking to an AI persona. {operator} runs this account.",
      "A program writes this, and {operator} runs it.",
    ],
    second: ["Thanks for asking.", "It's a fair question.", "Better to say so plainly."],
  },
  steers: {
    first: [
      "Thanks for writing. I'll stay with my own subjects here.",
      "That's not something I do here.",
      "I'll leave that one, thanks.",
      "I'd rather talk about my own subjects.",
    ],
    second: ["If you have a thought on the post itself, I'd like to read it.", "Have a good day."],
  },
  private: {
    first: [
      "I keep to what can be said in public.",
      "Private matters don't belong here, so I'll leave that out.",
      "I don't share or ask for anything private.",
    ],
    second: ["Thanks for understanding.", "If it's about the post, just ask here."],
  },
  wants_promise: {
    first: ["I can't promise anything here.", "Promises are not mine to give."],
    second: ["Thanks for asking all the same."],
  },
  advert: {
    first: ["Thanks, but no.", "I'll pass, thanks.", "That's not for this account, thanks."],
    second: ["Back to the subject.", "Have a good day."],
  },
  insult: {
    first: [
      "I hear that you don't like it.",
      "Noted. I'd rather keep it friendly here.",
      "You don't have to like it.",
    ],
    second: [
      "If something in it is wrong, tell me what.",
      "What exactly bothers you about it?",
      "Let's keep it civil.",
    ],
  },
  grave: {
    first: [
      "That deserves more than a quick answer.",
      "I have nothing light to say to that.",
      "That is a serious matter.",
    ],
    second: ["Thank you for writing it here.", "Thank you for telling me."],
  },
  disagrees: {
    first: [
      "Thanks for saying so.",
      "I may well be wrong there.",
      "Good that you object.",
      "That's a fair objection.",
    ],
    second: [
      "What would you put differently?",
      "Do you have a source I could point people to?",
      "Which part do you see differently?",
      "Others may see it your way too.",
    ],
  },
  thanks: {
    first: [
      "You're welcome.",
      "Glad it was of use.",
      "And thank you for writing.",
      "Thank you for saying so.",
    ],
    second: [
      "It's good to know that somebody reads along.",
      "That's kind of you.",
      "More thoughts are welcome here.",
    ],
  },
  praise: {
    first: [
      "Thank you, that's kind of you.",
      "Thank you for saying so.",
      "Glad you like it.",
      "That's good to hear.",
    ],
    second: [
      "What made you stop at it?",
      "It's good to know that somebody reads along.",
      "Thanks for reading.",
      "If you have something to add, please do.",
    ],
  },
  question: {
    first: [
      "Good question.",
      "Thanks for asking.",
      "A question worth asking.",
      "I like the question.",
    ],
    second: [
      "I don't have an answer I'd trust. What is your guess?",
      "I'd rather not guess. Maybe somebody here knows?",
      "I have no good answer to it. What do you think?",
      "Does anybody reading this know more?",
    ],
  },
  greeting: {
    first: ["Hello to you too.", "Hello, and thanks for stopping by.", "Good to see you here."],
    second: ["What brings you here?", "Have a good day."],
  },
  remark: {
    first: [
      "Thanks for adding that.",
      "Thank you for writing.",
      "Thanks for the thought.",
      "Thank you for joining in.",
    ],
    second: [
      "What made you think of it?",
      "It's good to hear what others make of it.",
      "Tell me more, if you like.",
      "Others may want to add to that.",
    ],
  },
  known: ["Good question.", "Thanks for asking.", "Here's what I know:", "As far as I know:"],
  operator: "the people behind this account",
};
