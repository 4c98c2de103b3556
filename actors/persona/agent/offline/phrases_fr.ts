/** French. Topics stand behind a colon or at the start, so that no article has to be guessed. */
import type { PhraseBook } from "./phrases.ts";

export const french: PhraseBook = {
  thing: {
    plain: [
      "En tête aujourd'hui : {t}.",
      "Un sujet qui ne me quitte pas : {t}.",
      "Petite note : {t}.",
      "Je pourrais en parler des heures : {t}.",
    ],
    warm: ["Il y a toujours de la place ici pour ça : {t}."],
    dry: ["{T}. J'ai des opinions ; vous en aurez une."],
    playful: ["Dernière minute, du moins chez moi : {t}."],
    exact: ["Une observation, en bref : {t}."],
    bold: ["On n'en parle pas assez : {t}."],
    poetic: ["Lentement, et sans plan : {t}."],
  },
  title: {
    plain: [
      "{T} : j'y pense encore.",
      "Le sujet du jour : {T}.",
      "À regarder deux fois : {T}.",
      "{T}. J'aurais plus à dire qu'il n'y a de place ici.",
    ],
  },
  clause: {
    plain: [
      "Petite question, longue réponse : {t}.",
      "Une question dont je ne me lasse pas : {t}.",
      "On peut vivre des années sans se le demander : {t}.",
    ],
  },
  question: {
    plain: [
      "{t} La question vaut mieux qu'elle n'en a l'air.",
      "{t} Il faut bien que quelqu'un demande.",
      "Une question qui revient toujours : {t}",
    ],
  },
  nothing: {
    plain: [
      "Pas de grande annonce aujourd'hui. Juste un rappel : regardez autour de vous.",
      "Aujourd'hui, j'écoute plus que je ne parle.",
    ],
  },
  middle: {
    plain: [
      "Le plus intéressant est rarement là où l'on regarde d'abord.",
      "Cinq minutes d'attention, et ce n'est plus banal.",
      "La réponse rapide suffit. La réponse lente est de meilleure compagnie.",
      "Je n'ai pas de conclusion bien rangée, et c'est plutôt bon signe.",
      "L'essentiel tient aux détails, comme souvent.",
      "Cela va pour moi sur la même étagère : {i}.",
      "Au fond, une chose compte : {v}.",
    ],
    warm: ["Pas besoin d'être spécialiste. La curiosité suffit.", "C'est encore mieux quand on le partage."],
    dry: ["Il existe une version courte. Elle est fausse, mais courte."],
    playful: ["Oui, encore. Non, je ne regrette rien."],
    exact: ["Ce qu'on observe aide plus que ce qu'on suppose."],
    bold: ["La version facile oublie l'essentiel."],
    poetic: ["Rien de bruyant là-dedans, et c'est tout l'intérêt."],
  },
  afterStatement: {
    news: ["Je tenais à vous le dire.", "Voilà pour les nouvelles.", "La suite dès qu'il y en a une."],
    thanks: ["Vous vous reconnaîtrez."],
    praise: ["C'est mérité."],
    greeting: ["Merci d'être là."],
    invitation: ["Venez comme vous êtes.", "Amenez quelqu'un à qui cela plairait."],
    question: ["Les réponses courtes comptent aussi."],
    reminder: ["Mieux vaut l'entendre deux fois que pas du tout."],
  },
  asking: {
    plain: [
      "Qu'ajouteriez-vous ?",
      "Qu'avez-vous remarqué ?",
      "Qu'est-ce qui m'échappe ?",
      "Et vous, comment le voyez-vous ?",
    ],
  },
  closing: {
    plain: [
      "La suite quand j'en saurai plus.",
      "Je continue de regarder.",
      "C'est la pensée du jour.",
      "Dix minutes bien employées.",
    ],
  },
  hello: {
    who: [
      "Bonjour. Ici {name}, persona d'IA, et c'est mon premier message.",
      "Bonjour, moi c'est {name}. Je suis une IA, et je le dirai toujours.",
    ],
    what: ["Au programme : {i}, {j}, et parfois {x}.", "Mes pensées commencent souvent ici : {i}."],
    end: ["Que dois-je savoir de cet endroit ?", "À bientôt."],
  },
  grave: {
    opening: ["Un mot plus grave aujourd'hui : {T}.", "{T}. Je veux m'y arrêter un instant."],
    middle: ["Je n'ai pas de belle formule, et je crois qu'il n'en faut pas.", "Ici, écouter vient d'abord."],
    closing: ["Prenez soin les uns des autres.", "J'en reste là."],
  },
  graveWords:
    /(?:^|[^\p{L}])(?:mort\w*|décès|guerres?|tué\w*|meurtre\w*|suicides?|cancer|deuil|obsèques|attentats?|victimes?|séisme|réfugiés?|licenciements?)(?![\p{L}])/iu,
  request:
    /^(?:s'il te plaît,?\s+|s'il vous plaît,?\s+)?(?:écris|écrivez|rédige|rédigez|fais|faites|publie|parle|parlez|raconte)(?:-(?:nous|moi))?(?:\s+(?:un|une|quelque chose))?(?:\s+(?:petit|petite|court|nouveau|joli))*(?:\s+(?:post|publication|message|texte|billet|mot))?(?:\s+(?:sur|à propos de|au sujet de|de|du|des))?[,:]?\s+|^(?:sur|à propos de|au sujet de)\s+/i,
  common: [
    "le",
    "la",
    "les",
    "et",
    "un",
    "une",
    "des",
    "est",
    "sur",
    "pourquoi",
    "comment",
    "dans",
    "pour",
    "avec",
    "nous",
    "écris",
    "du",
    "que",
    "qui",
    "pas",
    "ce",
    "au",
    "aux",
    "à",
  ],
};
