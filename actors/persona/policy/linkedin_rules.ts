/** What LinkedIn alone asks. */
import { linkedInRefusal } from "../platforms/linkedin/rules.ts";
import { block, pass, type Rule } from "./rule.ts";
import { SOURCES } from "./sources.ts";

export const linkedInForm: Rule = ({ content, connection }) => {
  if (connection.platform !== "linkedin") return null;
  const refusal = linkedInRefusal(content);
  return refusal === null
    ? pass("linkedin_form", "LinkedIn takes it in this form.")
    : block("linkedin_form", refusal);
};

/** Enforced where it is approved and again where it goes out: `personApproves` in the platform's limits. */
export const linkedInApproval: Rule = ({ connection }) =>
  connection.platform !== "linkedin" ? null : pass(
    "person_approves",
    "A person has to approve every post here, in the console: LinkedIn forbids automated posting.",
    SOURCES.linkedInApi,
  );
