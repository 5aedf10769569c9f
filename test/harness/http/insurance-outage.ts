/**
 * Lets the stand-in for the insurance core answer nobody any more.
 * @param insuranceUrl base of its interface
 * @returns a function that brings it back
 */
export async function breakInsurance(insuranceUrl: string): Promise<() => Promise<void>> {
  const control = (init: RequestInit) => fetch(`${insuranceUrl}/control`, init);
  const body = JSON.stringify({ status: 500, times: 1_000_000 });
  await control({ method: 'POST', headers: { 'content-type': 'application/json' }, body });
  return async () => void (await control({ method: 'DELETE' }));
}
