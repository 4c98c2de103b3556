/** A persona, for people. */
export const called = ({ personaName }: { personaName: string | null }): string =>
  personaName ?? "a deleted persona";
