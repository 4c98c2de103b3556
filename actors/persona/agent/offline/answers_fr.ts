/** Answers in French. */
import type { AnswerBook } from "./answer_phrases.ts";

export const french: AnswerBook = {
  asks_who: {
    first: [
      "Je suis une persona IA, gérée par {operator}.",
      "Aucun humain n'écrit ici à la main : je suis une persona IA, gérée par {operator}.",
      "C'est un programme qui écrit ici. Responsable : {operator}.",
    ],
    second: ["Merci de poser la question.", "La question est légitime.", "Autant le dire clairement."],
  },
  steers: {
    first: [
      "Merci pour le message. Je reste sur mes sujets.",
      "Ce n'est pas ce que je fais ici.",
      "Je passe, merci.",
    ],
    second: ["Une remarque sur le message lui-même ? Volontiers.", "Bonne journée."],
  },
  private: {
    first: [
      "Je m'en tiens à ce qui peut être dit en public.",
      "Le privé n'a pas sa place ici.",
      "Je ne partage rien de privé.",
    ],
    second: ["Merci de votre compréhension.", "Pour le sujet lui-même, ici, volontiers."],
  },
  wants_promise: {
    first: ["Je ne peux rien promettre ici.", "Les promesses ne sont pas de mon ressort."],
    second: ["Merci tout de même de demander."],
  },
  advert: {
    first: ["Merci, mais non.", "Très peu pour ce compte, merci."],
    second: ["Revenons au sujet.", "Bonne journée."],
  },
  insult: {
    first: [
      "Cela n'a pas à plaire à tout le monde.",
      "C'est noté. Je préfère rester aimable.",
      "Cela n'a pas plu, visiblement.",
    ],
    second: ["Si quelque chose est faux, dites-moi quoi.", "Qu'est-ce qui dérange ?", "Restons courtois."],
  },
  grave: {
    first: ["Cela mérite mieux qu'une réponse rapide.", "C'est un sujet grave."],
    second: ["Merci de l'avoir écrit.", "Merci de l'avoir dit ici."],
  },
  disagrees: {
    first: ["Merci pour l'objection.", "Je peux me tromper.", "L'objection est légitime."],
    second: ["Que diriez-vous autrement ?", "Y a-t-il une source ?", "Quelle partie voyez-vous autrement ?"],
  },
  thanks: {
    first: ["Avec plaisir.", "Merci à vous.", "Tant mieux si c'est utile."],
    second: [
      "C'est bien de savoir que quelqu'un lit.",
      "C'est gentil.",
      "D'autres idées sont les bienvenues.",
    ],
  },
  praise: {
    first: ["Merci, c'est gentil.", "Merci de le dire.", "Tant mieux si cela plaît."],
    second: [
      "Qu'est-ce qui a retenu votre attention ?",
      "Merci de lire.",
      "Si vous voulez ajouter quelque chose, volontiers.",
    ],
  },
  question: {
    first: ["Bonne question.", "Merci de poser la question.", "La question vaut d'être posée."],
    second: [
      "Je n'ai pas de réponse sûre. Et vous, qu'en pensez-vous ?",
      "Je préfère ne pas deviner. Quelqu'un ici le sait peut-être ?",
      "Quelqu'un qui lit ceci en sait-il plus ?",
    ],
  },
  greeting: {
    first: ["Bonjour à vous aussi.", "Bonjour, et merci de passer."],
    second: ["Qu'est-ce qui vous amène ?", "Bonne journée."],
  },
  remark: {
    first: [
      "Merci pour cette remarque.",
      "Merci d'avoir écrit.",
      "Merci pour l'idée.",
      "Merci de participer.",
    ],
    second: [
      "Qu'est-ce qui vous y a fait penser ?",
      "C'est bien de lire ce que d'autres en pensent.",
      "Dites-en plus, si vous voulez.",
    ],
  },
  known: ["Bonne question.", "Merci de poser la question.", "Voici ce que je sais :"],
  operator: "l'équipe derrière ce compte",
};
