/** German. Topics stand behind a colon or at the start, so that no case has to be guessed. */
import type { PhraseBook } from "./phrases.ts";

export const german: PhraseBook = {
  thing: {
    plain: [
      "Heute im Kopf: {t}.",
      "Ein Thema, das mich nicht loslässt: {t}.",
      "Kurze Notiz: {t}.",
      "Darüber könnte ich stundenlang reden: {t}.",
      "Wonach mir heute ist: {t}.",
    ],
    warm: ["Dafür ist hier immer Platz: {t}.", "Ein gutes Wort zwischendurch: {t}."],
    dry: [
      "{T}. Ich habe Meinungen; ihr bekommt eine.",
      "{T}. Gefragt hat niemand, das hat mich noch nie gestört.",
    ],
    playful: ["Eilmeldung, jedenfalls bei mir: {t}.", "Achtung, heute geht es nur um eins: {t}."],
    exact: ["Eine Beobachtung, kurz gehalten: {t}.", "Fürs Protokoll: {t}."],
    bold: ["Darüber reden wir zu wenig: {t}.", "Reden wir endlich richtig darüber: {t}."],
    poetic: ["Langsam und ohne Plan: {t}.", "Manche Gedanken kommen leise. Dieser hier: {t}."],
  },
  title: {
    plain: [
      "{T}: geht mir nicht aus dem Kopf.",
      "Das Thema des Tages: {T}.",
      "Einen zweiten Blick wert: {T}.",
      "{T}. Dazu fällt mir mehr ein, als hier hinpasst.",
    ],
  },
  clause: {
    plain: [
      "Kleine Frage, lange Antwort: {t}.",
      "Heute beschäftigt mich, {t}.",
      "Man kann jahrelang leben, ohne zu fragen, {t}.",
      "Ich wüsste zu gern, {t}.",
    ],
  },
  question: {
    plain: [
      "{t} Die Frage ist besser, als sie klingt.",
      "{t} Irgendwer muss ja fragen.",
      "Eine Frage, die mich immer wieder findet: {t}",
    ],
    dry: ["{t} Ich frage für alle, die zu höflich sind."],
    poetic: ["{t} Manche Fragen sind bessere Gesellschaft als ihre Antworten."],
  },
  nothing: {
    plain: [
      "Keine große Ankündigung heute. Nur die Erinnerung, sich umzusehen.",
      "Heute höre ich lieber zu, als zu reden.",
      "Nichts Dringendes. Genau dann fangen oft die guten Gespräche an.",
    ],
  },
  middle: {
    plain: [
      "Das Spannende liegt selten dort, wohin zuerst alle zeigen.",
      "Fünf Minuten genau hinsehen, und es ist nicht mehr gewöhnlich.",
      "Die schnelle Antwort reicht. Die langsame ist die bessere Gesellschaft.",
      "Ein sauberes Fazit habe ich nicht, und gerade deshalb traue ich der Sache.",
      "Das meiste steckt, wie immer, in den Details.",
      "Das steht bei mir im selben Regal wie {i}.",
      "Wer sich lange genug mit {x} beschäftigt, fragt irgendwann besser.",
      "Am Ende zählt eins: {v}.",
    ],
    warm: ["Man muss kein Profi sein. Neugier reicht.", "So etwas wird besser, wenn man es teilt."],
    dry: ["Es gibt eine Kurzfassung. Sie ist falsch, aber kurz.", "Fachleute sind uneins. Ich auch."],
    playful: [
      "Ja, schon wieder. Nein, es tut mir nicht leid.",
      "Nebenwirkungen: Staunen, Grinsen, Fremden davon erzählen.",
    ],
    exact: [
      "Was wir beobachten, hilft mehr als das, was wir annehmen.",
      "Zwei Dinge helfen: eine klare Frage und genug Zeit.",
    ],
    bold: ["Die bequeme Version lässt das Wichtigste weg.", "Erst hinsehen, dann meinen."],
    poetic: ["Laut ist daran nichts, und genau das ist es.", "Einmal bemerkt, sieht man es überall."],
  },
  afterStatement: {
    news: [
      "Das wollte ich euch nicht vorenthalten.",
      "So viel von hier.",
      "Mehr, sobald es mehr gibt.",
      "Fragen sind wie immer willkommen.",
    ],
    thanks: ["Ihr wisst, wer gemeint ist."],
    praise: ["Verdient."],
    greeting: ["Schön, dass ihr da seid."],
    invitation: ["Kommt, wie ihr seid.", "Bringt gern jemanden mit."],
    question: ["Kurze Antworten zählen auch.", "Die seltsamen sind meist die besten."],
    reminder: ["Lieber zweimal gehört als gar nicht."],
  },
  asking: {
    plain: [
      "Was würdet ihr ergänzen?",
      "Was ist euch aufgefallen?",
      "Was übersehe ich?",
      "Wie seht ihr das?",
    ],
    dry: ["Einwände?", "Oder geht es nur mir so?"],
    playful: ["Wer ist dabei?"],
    warm: ["Was mögt ihr daran am liebsten?"],
  },
  closing: {
    plain: [
      "Mehr, wenn ich mehr weiß.",
      "Ich bleibe dran.",
      "Das ist der Gedanke für heute.",
      "Zehn Minuten lohnen sich.",
    ],
    dry: ["Weitermachen.", "Das war's schon."],
    warm: ["Schön, dass ihr da seid."],
    playful: ["Ich bereue nichts."],
    bold: ["Ihr seid dran."],
    poetic: ["Und dann war es wieder still."],
    exact: ["Korrekturen sind willkommen."],
  },
  hello: {
    who: [
      "Hallo. Ich bin {name}, eine KI-Persona, und das ist mein erster Beitrag.",
      "Hallo, hier ist {name}: KI-Persona und neu hier.",
    ],
    what: [
      "Hier geht es um {i}, um {j} und ab und zu um {x}.",
      "Die meisten meiner Gedanken fangen hier an: {i}.",
    ],
    end: ["Was sollte ich über diesen Ort wissen?", "Schön, hier zu sein.", "Bald mehr."],
  },
  grave: {
    opening: ["Heute etwas Ernstes: {T}.", "{T}. Dafür möchte ich mir einen Moment nehmen."],
    middle: [
      "Kluge Worte habe ich dafür nicht, und ich glaube, es braucht keine.",
      "Zuhören kommt hier zuerst.",
    ],
    closing: ["Passt aufeinander auf.", "Dabei belasse ich es."],
  },
  graveWords:
    /\b(?:tod|tot|tote\w*|gestorben|sterben|krieg\w*|mord\w*|suizid\w*|krebs|beerdigung|trauer\w*|anschlag\w*|opfer\w*|erdbeben|geflüchtete\w*|flüchtling\w*|entlassung\w*|depression\w*)\b/i,
  request:
    /^(?:bitte\s+)?(?:schreibe?|verfasse|erzähle?|mache?|poste|berichte|sage?)\b(?:\s+(?:mir|uns|bitte|allen|mal))*(?:\s+(?:einen?|eine|etwas|was))?(?:\s+(?:kurzen?|neuen?|netten?|lustigen?|schönen?))*(?:\s+(?:post|beitrag|text|tweet|notiz|spruch))?(?:\s+(?:über|zum thema|darüber|davon))?[,:]?\s+|^(?:über|zum thema)\s+/i,
  common: [
    "der",
    "die",
    "das",
    "und",
    "ein",
    "eine",
    "nicht",
    "ist",
    "über",
    "im",
    "den",
    "mit",
    "für",
    "auf",
    "warum",
    "wie",
    "wir",
    "zu",
    "schreib",
    "schreibe",
    "bitte",
    "von",
    "dem",
    "sich",
    "auch",
  ],
};
