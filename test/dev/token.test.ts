import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { importJWK, jwtVerify } from 'jose';
import { loadSecrets, publicTokenKey } from '../../dev/stack/secrets.ts';
import { runScript, temporaryFolder, untilEnded } from '../harness/programs/scripts.ts';

const folder = temporaryFolder('token');
afterAll(folder.remove);

async function token(...args: string[]): Promise<{ code: number | string; output: string }> {
  const script = runScript('dev/token.ts', { DATA_DIR: folder.path }, args);
  return { code: await untilEnded(script), output: script.output() };
}

async function claims(output: string) {
  const key = await importJWK(publicTokenKey(await loadSecrets(folder.path)), 'EdDSA');
  return (await jwtVerify(output.trim(), key, { issuer: 'urn:mente:embedded', audience: 'mente' })).payload;
}

describe('npm run token', () => {
  it('makes the keys the first time, even when several ask at once, and shows them to nobody else', async () => {
    const [applicant, admin] = await Promise.all([token('applicant'), token('admin')]);
    expect((await claims(applicant?.output ?? '')).sub).toBe('applicant-1');
    expect((await claims(admin?.output ?? '')).sub).toBe('admin-1');
    expect(statSync(join(folder.path, 'secrets.json')).mode & 0o777).toBe(0o600);
    const keys = readFileSync(join(folder.path, 'secrets.json'), 'utf8');
    await token('clerk');
    expect(readFileSync(join(folder.path, 'secrets.json'), 'utf8')).toBe(keys);
  });

  it('prints nothing but a token for the roles and the subject', async () => {
    const { code, output } = await token('reviewer,supervisor', 'zhang');
    expect(code).toBe(0);
    const payload = await claims(output);
    expect(payload).toMatchObject({ sub: 'zhang', roles: ['reviewer', 'supervisor'] });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(12 * 3600);
  });

  it("carries an applicant's name and ID number: given ones, or those of a person made up from the subject", async () => {
    const of = async (...args: string[]) => {
      const { sub, name, id_number, channel } = await claims((await token('applicant', ...args)).output);
      return { sub, name, id_number, channel };
    };
    const [first, again, second] = [await of('li'), await of('li'), await of('wang')];
    expect(first).toEqual({
      ...again,
      name: expect.any(String),
      id_number: expect.stringMatching(/^510402\d{11}[\dX]$/),
    });
    expect(second.id_number).not.toBe(first.id_number);
    const given = ['--name', '李娜', '--id-number', '510402198803152122', '--channel', 'nationalApp'];
    expect(await of(...given)).toEqual({
      ...{ sub: 'applicant-1', name: '李娜', id_number: '510402198803152122', channel: 'nationalApp' },
    });
    expect(await claims((await token('clerk')).output)).not.toHaveProperty('name');
  });

  it.each([
    [['applicant', '--name', '李娜'], 'A name and an ID number go together: '],
    [['applicant', '--name', '李娜', '--id-number', '510402198803152121'], 'That is no ID number: '],
    [['applicant', '--channel', 'window'], 'There is no app window: '],
    [['applicant', '--nmae', '李娜'], 'That is not understood: '],
    [['boss'], 'There is no role boss: '],
    [['reviewer,boss'], 'There is no role boss: '],
    [[], 'A role is needed: '],
  ])('refuses %j in one line', async (args, start) => {
    const { code, output } = await token(...args);
    expect(code).toBe(2);
    expect(output.startsWith(start)).toBe(true);
    expect(output.trim()).toMatch(/^.*applicant, clerk, reviewer, supervisor, director, admin\.$/);
  });

  it('keeps the private half to itself', async () => {
    expect(publicTokenKey(await loadSecrets(folder.path))).toEqual({
      kty: 'OKP',
      crv: 'Ed25519',
      x: expect.any(String),
    });
  });
});
