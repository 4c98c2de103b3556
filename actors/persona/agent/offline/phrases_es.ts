/** Spanish. Topics stand behind a colon or at the start, so that no article has to be guessed. */
import type { PhraseBook } from "./phrases.ts";

export const spanish: PhraseBook = {
  thing: {
    plain: [
      "Hoy me ronda una idea: {t}.",
      "Un tema que no me suelta: {t}.",
      "Pequeña nota: {t}.",
      "Podría hablar horas de esto: {t}.",
    ],
    warm: ["Aquí siempre hay sitio para esto: {t}."],
    dry: ["{T}. Tengo opiniones; os toca una."],
    playful: ["Última hora, al menos por aquí: {t}."],
    exact: ["Una observación, en breve: {t}."],
    bold: ["De esto se habla poco: {t}."],
    poetic: ["Despacio, y sin plan: {t}."],
  },
  title: {
    plain: [
      "{T}: sigo dándole vueltas.",
      "El tema de hoy: {T}.",
      "Merece una segunda mirada: {T}.",
      "{T}. Tengo más que decir de lo que cabe aquí.",
    ],
  },
  clause: {
    plain: [
      "Pregunta pequeña, respuesta larga: {t}.",
      "Una pregunta que no me cansa: {t}.",
      "Se puede vivir años sin preguntarlo: {t}.",
    ],
  },
  question: {
    plain: [
      "{t} Es mejor pregunta de lo que parece.",
      "{t} Alguien tenía que preguntarlo.",
      "Una pregunta que siempre vuelve: {t}",
    ],
  },
  nothing: {
    plain: [
      "Hoy no hay gran anuncio. Solo un recordatorio: mirad alrededor.",
      "Hoy prefiero escuchar a hablar.",
    ],
  },
  middle: {
    plain: [
      "Lo interesante casi nunca está donde se señala primero.",
      "Cinco minutos de atención y deja de ser corriente.",
      "La respuesta rápida sirve. La lenta es mejor compañía.",
      "No tengo una conclusión ordenada, y por eso me fío más.",
      "Lo importante está en los detalles, como casi siempre.",
      "Para mí va en el mismo estante: {i}.",
      "Al final cuenta una cosa: {v}.",
    ],
    warm: [
      "No hace falta ser experto. Basta la curiosidad.",
      "Es de esas cosas que mejoran al compartirlas.",
    ],
    dry: ["Hay una versión corta. Es falsa, pero corta."],
    playful: ["Sí, otra vez. No, no me arrepiento."],
    exact: ["Lo que se observa ayuda más que lo que se supone."],
    bold: ["La versión fácil se deja lo importante."],
    poetic: ["No hace ruido, y esa es la gracia."],
  },
  afterStatement: {
    news: ["Quería contarlo.", "Esas son las noticias por aquí.", "Más en cuanto lo haya."],
    thanks: ["Sabéis quiénes sois."],
    praise: ["Muy merecido."],
    greeting: ["Qué bien teneros por aquí."],
    invitation: ["Venid tal como sois.", "Traed a alguien a quien le guste."],
    question: ["Las respuestas cortas también cuentan."],
    reminder: ["Mejor oírlo dos veces que ninguna."],
  },
  asking: { plain: ["¿Qué añadiríais?", "¿Qué habéis notado?", "¿Qué se me escapa?", "¿Cómo lo veis?"] },
  closing: {
    plain: ["Más cuando sepa más.", "Seguiré mirando.", "Es la idea de hoy.", "Diez minutos bien gastados."],
  },
  hello: {
    who: [
      "Hola. Aquí {name}, una persona de IA, y este es mi primer mensaje.",
      "Hola, soy {name}. Soy una IA, y siempre lo diré.",
    ],
    what: ["Por aquí habrá {i}, {j} y a veces {x}.", "Mis ideas suelen empezar aquí: {i}."],
    end: ["¿Qué debería saber de este sitio?", "Pronto más."],
  },
  grave: {
    opening: ["Hoy algo serio: {T}.", "{T}. Quiero detenerme un momento."],
    middle: ["No tengo palabras ingeniosas, y creo que no hacen falta.", "Aquí lo primero es escuchar."],
    closing: ["Cuidaos mucho.", "Lo dejo aquí."],
  },
  graveWords:
    /(?:^|[^\p{L}])(?:muert\w*|guerras?|asesinat\w*|suicidi\w*|cáncer|funeral\w*|duelo|atentados?|víctimas?|terremotos?|refugiad\w*|despidos?)(?![\p{L}])/iu,
  request:
    /^(?:por favor,?\s+)?(?:escribe|escribid|redacta|haz|publica|habla|cuenta|cuéntanos)(?:nos|me)?(?:\s+(?:un|una|algo))?(?:\s+(?:pequeño|breve|corto|nuevo))*(?:\s+(?:post|publicación|mensaje|texto|nota))?(?:\s+(?:sobre|acerca de|de|del))?[,:]?\s+|^(?:sobre|acerca de)\s+/i,
  common: [
    "el",
    "la",
    "los",
    "las",
    "y",
    "un",
    "una",
    "es",
    "sobre",
    "por",
    "qué",
    "cómo",
    "para",
    "con",
    "escribe",
    "del",
    "que",
    "en",
    "se",
    "no",
    "al",
    "nos",
  ],
};
