/** A release whose workflow code is broken: every task of a case fails. */
export async function application(): Promise<void> {
  throw new Error('a mistake in the code of the workflow');
}
