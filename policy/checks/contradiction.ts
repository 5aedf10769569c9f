/** A field that contradicts another one, and why. */
export interface Contradiction {
  path: PropertyKey[];
  message: string;
}

/** The contradiction, if there is one. */
export function refuse(wrong: boolean, path: PropertyKey[], message: string): Contradiction[] {
  return wrong ? [{ path, message }] : [];
}
