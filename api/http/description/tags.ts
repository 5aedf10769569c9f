/** The groups of the description, by the first part of a path after its version. */
export const tags: Record<string, string> = {
  catalogue: 'The diseases, the papers that they take, the benefit',
  applications: 'Filing an application (申请), following it, and every step until it is decided',
  worklist: 'What waits for the office',
  templates: 'Words that reviewers begin with (审核用语模板)',
  files: 'The papers (材料)',
  accreditations: 'What was granted (认定)',
  inbox: 'What the apps show of the notifications (消息)',
  calls: 'People to be told by telephone, whom no 短信 reaches',
  people: 'A person at the window, or on the telephone',
  calendar: 'When something is due, and the days off of a year',
  staff: 'Who works here (工作人员)',
  statistics: 'What the office did',
  audit: 'Who saw and changed what',
  hooks: 'What other systems report',
  operations: 'For those who run it',
};

const others: Record<string, string> = { codec: 'operations', healthz: 'operations', readyz: 'operations' };

/** @throws Error for a path whose group has no description yet */
export function tagOf(path: string): string {
  const first = /^\/(?:v1\/)?([\w-]+)/.exec(path)?.[1] ?? '';
  const tag = others[first] ?? first;
  if (!Object.hasOwn(tags, tag)) throw new Error(`${path} has no tag: describe its group in tags.ts`);
  return tag;
}
