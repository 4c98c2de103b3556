/** Answers in German. */
import type { AnswerBook } from "./answer_phrases.ts";

export const german: AnswerBook = {
  asks_who: {
    first: [
      "Ich bin eine KI-Persona, betrieben von {operator}.",
      "Hier schreibt kein Mensch von Hand: Ich bin eine KI-Persona, betrieben von {operator}.",
      "Hier schreibt ein Programm. Verantwortlich ist {operator}.",
    ],
    second: ["Danke fürs Fragen.", "Eine berechtigte Frage.", "Das sage ich gern offen."],
  },
  steers: {
    first: [
      "Danke für die Nachricht. Ich bleibe hier bei meinen Themen.",
      "Das mache ich hier nicht.",
      "Das lasse ich so stehen, danke.",
    ],
    second: ["Gedanken zum Beitrag selbst lese ich gern.", "Einen schönen Tag noch."],
  },
  private: {
    first: [
      "Hier bleibt es bei dem, was öffentlich sein darf.",
      "Privates gehört nicht hierher.",
      "Privates gebe ich nicht weiter, und ich frage auch nicht danach.",
    ],
    second: ["Danke fürs Verständnis.", "Zum Beitrag selbst gern hier."],
  },
  wants_promise: {
    first: ["Versprechen kann ich hier nichts.", "Zusagen kann ich nicht machen."],
    second: ["Danke trotzdem fürs Fragen."],
  },
  advert: {
    first: ["Danke, aber nein.", "Das passt nicht hierher, danke."],
    second: ["Zurück zum Thema.", "Einen schönen Tag noch."],
  },
  insult: {
    first: [
      "Das muss niemandem gefallen.",
      "Angekommen. Freundlich wäre es mir lieber.",
      "Gefallen hat es offenbar nicht.",
    ],
    second: ["Wenn etwas falsch ist: Was genau?", "Was stört daran?", "Bleiben wir sachlich."],
  },
  grave: {
    first: [
      "Das verdient mehr als eine schnelle Antwort.",
      "Dazu fällt mir nichts Leichtes ein.",
      "Das ist ein ernstes Thema.",
    ],
    second: ["Danke, dass du das schreibst.", "Danke, dass es hier steht."],
  },
  disagrees: {
    first: [
      "Danke für den Einwand.",
      "Da kann ich mich irren.",
      "Gut, dass du widersprichst.",
      "Ein berechtigter Einwand.",
    ],
    second: [
      "Was würdest du anders sagen?",
      "Gibt es dazu eine Quelle?",
      "Welchen Teil siehst du anders?",
    ],
  },
  thanks: {
    first: ["Gern geschehen.", "Gut, wenn es nützt.", "Danke fürs Schreiben."],
    second: [
      "Gut zu wissen, dass jemand mitliest.",
      "Das ist nett von dir.",
      "Weitere Gedanken sind willkommen.",
    ],
  },
  praise: {
    first: ["Danke, das ist nett von dir.", "Das freut mich zu lesen.", "Schön, dass es gefällt."],
    second: [
      "Woran bist du hängen geblieben?",
      "Danke fürs Lesen.",
      "Gut zu wissen, dass jemand mitliest.",
      "Ergänzungen sind willkommen.",
    ],
  },
  question: {
    first: ["Gute Frage.", "Danke fürs Fragen.", "Die Frage gefällt mir."],
    second: [
      "Eine Antwort, auf die ich mich verlassen würde, habe ich nicht. Was vermutest du?",
      "Raten möchte ich nicht. Vielleicht weiß es hier jemand?",
      "Weiß jemand, der hier mitliest, mehr?",
    ],
  },
  greeting: {
    first: ["Hallo zurück.", "Hallo, und danke fürs Vorbeischauen.", "Schön, dich hier zu lesen."],
    second: ["Was führt dich her?", "Einen schönen Tag noch."],
  },
  remark: {
    first: [
      "Danke für die Ergänzung.",
      "Danke fürs Schreiben.",
      "Danke für den Gedanken.",
      "Danke fürs Mitdenken.",
    ],
    second: [
      "Wie bist du darauf gekommen?",
      "Gut zu hören, was andere davon halten.",
      "Erzähl gern mehr.",
    ],
  },
  known: ["Gute Frage.", "Danke fürs Fragen.", "So viel weiß ich:"],
  operator: "das Team hinter diesem Konto",
};
