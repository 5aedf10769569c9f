/**
 * What is wrong with a case: an effect that is missing, or there twice; something that doesn't go on; or an answer
 * that nobody should get.
 */
export interface Finding {
  kind: 'lost' | 'doubled' | 'stuck' | 'answer';
  /** Acceptance number or workflow id. */
  about: string;
  what: string;
}
