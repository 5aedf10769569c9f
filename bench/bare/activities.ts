/** What the bare sample posts to the sink. */
export interface Post {
  name: string;
  step: 'begun' | 'ended';
}

/** Posts to the sink at SINK_URL. */
export async function post(body: Post): Promise<void> {
  const answer = await fetch(process.env.SINK_URL as string, { method: 'POST', body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`The sink answered ${answer.status}`);
}
