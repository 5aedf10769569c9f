import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import proto from '@temporalio/proto';
import { DefaultLogger, Worker } from '@temporalio/worker';
import { builtBundle } from '../../dev/stack/workflow-bundle.ts';
import { readHistory, recordedHistories } from '../harness/recording/histories.ts';
import { logTemporalTo } from '../harness/run/temporal-log.ts';

logTemporalTo(new DefaultLogger('ERROR'));
const codePath = await builtBundle();
const replay = (history: object) =>
  Worker.runReplayHistory({ workflowBundle: { codePath } }, proto.temporal.api.history.v1.History.fromObject(history));

describe('a recorded history', () => {
  it.each(recordedHistories())('%s comes out the same with the code as it is', async (name) => {
    await replay(readHistory(name));
  });

  it('that differs is found out', async () => {
    const history = readHistory('approved');
    const started = history.events.find((event: object) => 'timerStartedEventAttributes' in event);
    started.eventType = 'EVENT_TYPE_MARKER_RECORDED';
    started.markerRecordedEventAttributes = { markerName: 'something else' };
    delete started.timerStartedEventAttributes;
    await expect(replay(history)).rejects.toThrow();
  });
});

describe('the workflow bundle', () => {
  const code = readFileSync(codePath, 'utf8');
  const modules = [...code.matchAll(/^\/\*+\/ "\.\/([^"]+)"/gm)].map(([, path]) => path as string);

  it('holds our workflows and the rules', () => {
    expect(modules).toEqual(expect.arrayContaining(['workflows/cases/application.ts', 'domain/cases/transitions.ts']));
  });

  it('is given what keeps stack traces short before any workflow begins', () => {
    expect(modules).toContain('workflows/stack-traces.ts');
  });

  it.each(['zod', 'pg', 'drizzle-orm', 'express', 'pino', 'twilio', 'nodemailer'])('does not hold %s', (name) => {
    expect(modules.filter((path) => path.includes(`node_modules/${name}/`))).toEqual([]);
  });

  it('holds nothing of ours beyond workflows/, domain/ and the types-only contract', () => {
    const ours = modules.filter((path) => !path.includes('node_modules') && path.endsWith('.ts'));
    expect(ours.filter((path) => !/^(workflows|domain)\//.test(path))).toEqual([]);
  });
});
