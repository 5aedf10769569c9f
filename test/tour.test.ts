import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { prepareStack } from './harness/programs/stack.ts';
import { until } from './harness/until.ts';

const [readme, tour] = ['../README.md', '../docs/tour.md'].map((file) => {
  return readFileSync(new URL(file, import.meta.url), 'utf8');
}) as [string, string];
/** The commands of a section, block by block. */
const blocksOf = (title: string, page = tour) => {
  const section = page.split(/^## /m).find((part) => part.startsWith(title)) ?? '';
  return [...section.matchAll(/```sh\n(.*?)```/gs)].map(([, block]) => block as string);
};
const shortTour = blocksOf('A short tour', readme);
const [settings, look, file, ask, answer, signal] = blocksOf('A five-minute tour');
const [print] = blocksOf('Notices and remedies');
const [newPhone, confirm] = blocksOf('A new phone');
const [explain, publish] = blocksOf('Due dates nobody has to take on trust');

function missing(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return false;
  } catch {
    return true;
  }
}
const without = ['bash', 'curl', 'python3'].filter(missing);
const suite = without.length === 0 ? describe : describe.skip;

/** A terminal: each block runs in the same shell, and answers what it printed. */
function openShell(env: NodeJS.ProcessEnv) {
  const shell = spawn('bash', [], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [shell.stdout, shell.stderr]) {
    stream.on('data', (chunk) => {
      printed += chunk;
    });
  }
  return {
    async run(block: string): Promise<string> {
      printed = '';
      shell.stdin.write(`${block}\necho "--end $?--"\n`);
      await until('the block has ended', async () => /--end \d+--/.test(printed), 60_000);
      expect(printed).toContain('--end 0--');
      return printed;
    },
    close: () => shell.stdin.end(),
  };
}

suite(`the tours${without.length > 0 ? ` (skipped: needs ${without.join(', ')})` : ''}`, () => {
  let stack: Awaited<ReturnType<typeof prepareStack>>;
  let shell: ReturnType<typeof openShell>;
  beforeAll(async () => {
    stack = await prepareStack();
    shell = openShell(stack.env);
  });
  afterAll(async () => {
    shell?.close();
    await stack?.stop();
    await stack?.remove();
  });

  const start = async () => {
    const { printed, seconds } = await stack.start();
    expect(printed).toContain(stack.api);
    return seconds;
  };
  const value = async (name: string) => (await shell.run(`echo "=$${name}="`)).split('=')[1] as string;
  const progress = async (number: string) => {
    const headers = { authorization: `Bearer ${await value('REVIEWER')}` };
    return (await fetch(`${stack.api}/v1/applications/${number}`, { headers })).json() as Promise<{
      status: string;
      timeline: { kind: string; via: string }[];
    }>;
  };
  const sent = async () => {
    const { notifications } = (await (await fetch(`${stack.outbox}/notifications`)).json()) as {
      notifications: { body: string }[];
    };
    return notifications.map(({ body }) => body).join('\n');
  };

  it('works as printed, over a kill -9 of the worker and a restart of everything', async () => {
    await start();
    for (const block of shortTour) await shell.run(block.replace('http://127.0.0.1:3000', stack.api));
    expect(await progress(await value('N'))).toMatchObject({ status: 'approved' });

    await shell.run((settings as string).replace('http://127.0.0.1:3000', stack.api));
    expect(await shell.run(look as string)).toContain('"M01600"');
    await shell.run(file as string);
    const number = await value('N');
    expect(number).toMatch(/^510400\d{2}[0-9A-Z]{9}$/);
    expect(await shell.run(ask as string)).toContain('"awaitingMaterials"');

    const { worker } = stack.pids();
    process.kill(worker as number, 'SIGKILL');
    expect(await shell.run(answer as string)).toContain('"status":"approved"');
    expect(stack.pids().worker).not.toBe(worker);
    const kinds = async () => (await progress(number)).timeline.map(({ kind }) => kind);
    await until('the approval is registered', async () => (await kinds()).includes('registered'));
    expect(await kinds()).toEqual([
      'submitted',
      'accepted',
      'materialsRequested',
      'resubmitted',
      'approved',
      'registered',
    ]);
    // The text that was being dispatched when the worker died is tried again after its time-out, the others wait.
    await until('the result is sent', async () => (await sent()).includes('已通过认定'), 60_000);
    expect(await sent()).toContain('需要补充:检查报告或病历');

    await shell.run(signal as string);
    const second = await value('N');
    await until('the signal has taken effect', async () => (await progress(second)).status === 'approved');
    expect((await progress(second)).timeline).toContainEqual(
      expect.objectContaining({ kind: 'approved', via: 'signal' }),
    );

    expect(await shell.run(print as string)).toContain('攀医保门特受〔');
    expect(await shell.run('cat /tmp/notice.html')).toContain('门诊特殊疾病认定申请受理通知书');
    expect(await shell.run(newPhone as string)).toContain('"phone":"139****9009"');
    const code = async () => /(?:验证码|code：)(\d{6})/.exec(await sent())?.[1];
    await until('the code is on the page', async () => (await code()) !== undefined);
    const confirmed = await shell.run((confirm as string).replace('123456', (await code()) as string));
    expect(confirmed).toContain('"phone":"139****9009","alsoChanged":[]');
    expect(confirmed).toContain('手机号已更换为139****9009');
    expect(await shell.run(explain as string)).toContain('digest holds: True');
    expect(await shell.run(publish as string)).toContain('"later":1');
    const third = await value('N');
    await until('the case has heard', async () => (await progress(third)).timeline.at(-1)?.kind === 'calendarChanged');

    expect(await stack.stop()).toBe(0);
    const seconds = await start();
    process.stdout.write(`second start: ready after ${seconds} s\n`);
    expect(await progress(number)).toMatchObject({ status: 'approved' });
    expect(await sent()).toContain('需要补充:检查报告或病历');
    expect(await stack.stop()).toBe(0);
  }, 180_000);
});
