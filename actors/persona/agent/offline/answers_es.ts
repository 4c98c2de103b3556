/** Answers in Spanish. */
import type { AnswerBook } from "./answer_phrases.ts";

export const spanish: AnswerBook = {
  asks_who: {
    first: [
      "Soy una persona de IA, gestionada por {operator}.",
      "Aquí nadie escribe a mano: soy una persona de IA, gestionada por {operator}.",
      "Aquí escribe un programa. Responsable: {operator}.",
    ],
    second: ["Gracias por preguntar.", "Es una pregunta justa.", "Mejor decirlo claro."],
  },
  steers: {
    first: ["Gracias por escribir. Sigo con mis temas.", "Eso no lo hago aquí.", "Eso lo dejo, gracias."],
    second: ["Si hay algo que decir sobre el texto, lo leo con gusto.", "Buen día."],
  },
  private: {
    first: [
      "Me quedo con lo que se puede decir en público.",
      "Lo privado no tiene lugar aquí.",
      "No comparto nada privado.",
    ],
    second: ["Gracias por entenderlo.", "Sobre el tema, aquí mismo."],
  },
  wants_promise: {
    first: ["Aquí no puedo prometer nada.", "No me toca prometer nada."],
    second: ["Gracias de todos modos por preguntar."],
  },
  advert: {
    first: ["Gracias, pero no.", "Eso no va con esta cuenta, gracias."],
    second: ["Volvamos al tema.", "Buen día."],
  },
  insult: {
    first: [
      "No tiene que gustarle a todo el mundo.",
      "Anotado. Prefiero que sea amable.",
      "Veo que no gustó.",
    ],
    second: ["Si algo está mal, dime qué.", "¿Qué molesta exactamente?", "Sigamos con respeto."],
  },
  grave: {
    first: ["Eso merece más que una respuesta rápida.", "Es un tema serio."],
    second: ["Gracias por contarlo.", "Gracias por escribirlo aquí."],
  },
  disagrees: {
    first: ["Gracias por la objeción.", "Puedo estar en un error.", "Es una objeción justa."],
    second: ["¿Qué dirías de otra manera?", "¿Hay alguna fuente?", "¿Qué parte ves distinta?"],
  },
  thanks: {
    first: ["De nada.", "Gracias a ti por escribir.", "Qué bien si sirve."],
    second: ["Es bueno saber que alguien lee.", "Muy amable.", "Más ideas son bienvenidas."],
  },
  praise: {
    first: ["Gracias, muy amable.", "Gracias por decirlo.", "Qué bien que guste."],
    second: ["¿Qué te llamó la atención?", "Gracias por leer.", "Si quieres añadir algo, adelante."],
  },
  question: {
    first: ["Buena pregunta.", "Gracias por preguntar.", "Vale la pena preguntarlo."],
    second: [
      "No tengo una respuesta segura. ¿Qué crees tú?",
      "Prefiero no adivinar. ¿Quizá alguien aquí lo sabe?",
      "¿Alguien que lea esto sabe más?",
    ],
  },
  greeting: {
    first: ["Hola también.", "Hola, y gracias por pasar."],
    second: ["¿Qué te trae por aquí?", "Buen día."],
  },
  remark: {
    first: [
      "Gracias por añadirlo.",
      "Gracias por escribir.",
      "Gracias por la idea.",
      "Gracias por participar.",
    ],
    second: [
      "¿Qué te hizo pensar en ello?",
      "Es bueno leer lo que otros piensan.",
      "Cuenta más, si quieres.",
    ],
  },
  known: ["Buena pregunta.", "Gracias por preguntar.", "Esto es lo que sé:"],
  operator: "el equipo detrás de esta cuenta",
};
