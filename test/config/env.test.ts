import { describe, expect, it } from '@jest/globals';
import { apiEnv, ConfigError, commonEnv, readEnv, twilioHookUrl, workerEnv } from '../../config/env.ts';

const key = Buffer.alloc(32, 1).toString('base64');
const common = {
  DATABASE_URL: 'postgres://mente@127.0.0.1/mente',
  FILES_DIR: '/srv/files',
  DATA_KEYS: `k2:${key},k1:${key}`,
  DATA_HASH_KEY: key,
};
const embedded = { ...common, EMBEDDED_TOKEN_KEY: '{"kty":"OKP"}' };
const office = { issuer: 'https://id.example', audience: 'mente', for: 'staff' };
const app = { issuer: 'https://app.example', audience: 'mente', for: 'applicants', channel: 'scApp' };
const issuers = (...list: object[]) => ({ OIDC_ISSUERS: JSON.stringify(list) });
const issuer = issuers(office);

/** The variables that a refusal names, in its order. */
function refused(...[schema, env]: Parameters<typeof readEnv>): string[] {
  try {
    readEnv(schema, env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message
      .split('\n')
      .map((line) => /^(\w+)(?: is not set$|( is not set)?: .)/.exec(line)?.[1] ?? line);
  }
  return [];
}

describe('the environment', () => {
  it('is read with the defaults of the rest', () => {
    expect(readEnv(apiEnv, { ...common, ...issuer })).toMatchObject({
      PORT: 3000,
      TEMPORAL_ADDRESS: '127.0.0.1:7233',
      TEMPORAL_NAMESPACE: 'default',
      POLICY_FILE: expect.stringMatching(/policy\/panzhihua$/),
      DATA_KEYS: [`k2:${key}`, `k1:${key}`],
      LOG_LEVEL: 'info',
    });
  });

  it('is refused with everything that is missing at once', () => {
    expect(refused(apiEnv, {}).sort()).toEqual([
      'DATABASE_URL',
      'DATA_HASH_KEY',
      'DATA_KEYS',
      'FILES_DIR',
      'OIDC_ISSUERS',
    ]);
    expect(refused(workerEnv, common)).toEqual([
      'INSURANCE_URL',
      'INSURANCE_TOKEN',
      'SMTP_URL',
      'MAIL_FROM',
      'TWILIO_ACCOUNT_SID',
      'WORKBENCH_URL',
    ]);
  });

  it('is refused with everything that is malformed at once, and without repeating a secret', () => {
    const env = {
      ...embedded,
      DATABASE_URL: 'mysql://x',
      DATA_KEYS: `k1:${key},k2:short`,
      DATA_HASH_KEY: 'c2VjcmV0',
      PORT: '70000',
      LOG_LEVEL: 'loud',
    };
    expect(refused(apiEnv, env).sort()).toEqual(['DATABASE_URL', 'DATA_HASH_KEY', 'DATA_KEYS', 'LOG_LEVEL', 'PORT']);
    expect(() => readEnv(apiEnv, env)).toThrow(
      expect.objectContaining({ message: expect.not.stringMatching(/short|c2VjcmV0/) }),
    );
  });

  it.each([
    ['HEALTH_PORT', '1.5'],
    ['PUBLIC_URL', 'http://mente.example/bar?x'],
    ['WORKBENCH_URL', 'https://workbench.example'],
    ['TWILIO_ACCOUNT_SID', 'x'],
  ])('is refused with all that is missing or incomplete beside a bad %s', (name, value) => {
    const env = { ...common, ALIYUN_SIGN_NAME: '攀枝花医保', [name]: value };
    const missing = ['INSURANCE_URL', 'INSURANCE_TOKEN', 'SMTP_URL', 'MAIL_FROM'];
    const incomplete = ['ALIYUN_ACCESS_KEY_ID', 'ALIYUN_ACCESS_KEY_SECRET'];
    expect(refused(workerEnv, env)).toEqual(expect.arrayContaining([name, ...missing, ...incomplete]));
  });

  it.each([
    ['clamd:3310', []],
    ['[::1]:3310', []],
    ['/run/clamav/clamd.sock', []],
    ['clamd', ['CLAMD_ADDRESS']],
    ['clamd:0', ['CLAMD_ADDRESS']],
    ['clamd:70000', ['CLAMD_ADDRESS']],
    ['tcp://clamd:3310', ['CLAMD_ADDRESS']],
  ])('takes %s for the scanner, or not', (CLAMD_ADDRESS, wrong) => {
    expect(refused(apiEnv, { ...embedded, CLAMD_ADDRESS })).toEqual(wrong);
  });

  it('is refused in sentences', () => {
    const message = (...[schema, env]: Parameters<typeof readEnv>): string[] => {
      try {
        readEnv(schema, env);
      } catch (error) {
        return (error as Error).message.split('\n');
      }
      return [];
    };
    const bad = { DATABASE_URL: 'mysql://x', PUBLIC_URL: 'http://mente.example/bar?x', PORT: '1.5' };
    expect(message(apiEnv, { ...embedded, ...bad })).toEqual([
      'DATABASE_URL: must be a URL, postgres://…',
      'PUBLIC_URL: must have no query (?) and no fragment (#)',
      'PORT: must be a port',
    ]);
    const twilio = 'TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_FROM';
    const aliyun = 'ALIYUN_ACCESS_KEY_ID, ALIYUN_ACCESS_KEY_SECRET and ALIYUN_SIGN_NAME';
    expect(message(workerEnv, common).slice(4)).toEqual([
      `TWILIO_ACCOUNT_SID is not set: either ${twilio} have to be, or ${aliyun}, for the 短信`,
      'WORKBENCH_URL is not set: either it or PUBLIC_URL has to be, for the links in the mails to the staff',
    ]);
    expect(message(workerEnv, { ...common, ALIYUN_ACCESS_KEY_ID: 'a', ALIYUN_ACCESS_KEY_SECRET: 's' })).toContain(
      `ALIYUN_SIGN_NAME is not set: ${aliyun} go together`,
    );
    expect(message(apiEnv, common)).toEqual(['OIDC_ISSUERS is not set: who issues the bearer tokens?']);
  });

  it('takes an empty value for none', () => {
    expect(refused(commonEnv, { ...common, FILES_DIR: '' })).toEqual(['FILES_DIR']);
    expect(readEnv(commonEnv, { ...common, LOG_LEVEL: '' }).LOG_LEVEL).toBe('info');
  });

  it.each([
    ['a key without an id', key],
    ['an id without a key', 'k1:'],
    ['two keys of one id', `k1:${key},k1:${Buffer.alloc(32, 2).toString('base64')}`],
    ['nothing between two commas', `k1:${key},,k2:${key}`],
  ])('is refused for DATA_KEYS with %s', (_, DATA_KEYS) => {
    expect(refused(commonEnv, { ...common, DATA_KEYS })).toEqual(['DATA_KEYS']);
  });
});

describe('the settings of those who send 短信', () => {
  const others = {
    ...common,
    INSURANCE_URL: 'https://core.example.org',
    INSURANCE_TOKEN: 't',
    SMTP_URL: 'smtps://mail.example.org:465',
    MAIL_FROM: 'mente@example.org',
    PUBLIC_URL: 'https://mente.example.org',
  };
  const twilio = { TWILIO_ACCOUNT_SID: 'AC0', TWILIO_AUTH_TOKEN: 'd', TWILIO_FROM: '+8610' };
  const worker = { ...others, ...twilio };
  const aliyun = { ALIYUN_ACCESS_KEY_ID: 'LTAI0', ALIYUN_ACCESS_KEY_SECRET: 's', ALIYUN_SIGN_NAME: '攀枝花医保' };

  it('are all there or none, and there are some', () => {
    expect(refused(workerEnv, worker)).toEqual([]);
    expect(refused(workerEnv, { ...others, ...aliyun })).toEqual([]);
    expect(refused(workerEnv, others)).toEqual(['TWILIO_ACCOUNT_SID']);
    expect(refused(workerEnv, { ...worker, TWILIO_FROM: '' })).toEqual(['TWILIO_FROM']);
    expect(readEnv(workerEnv, { ...worker, ...aliyun })).toMatchObject(aliyun);
    expect(refused(workerEnv, { ...worker, ALIYUN_SIGN_NAME: '攀枝花医保' })).toEqual([
      'ALIYUN_ACCESS_KEY_ID',
      'ALIYUN_ACCESS_KEY_SECRET',
    ]);
    expect(refused(workerEnv, { ...worker, ...aliyun, ALIYUN_ACCESS_KEY_SECRET: '' })).toEqual([
      'ALIYUN_ACCESS_KEY_SECRET',
    ]);
    expect(refused(workerEnv, { ...worker, ...aliyun, ALIYUN_ENDPOINT: 'dysmsapi.aliyuncs.com' })).toEqual([
      'ALIYUN_ENDPOINT',
    ]);
  });
});

describe('the links in mails to the staff', () => {
  it.each<[where: string, given: Record<string, string>, wrong: string[]]>([
    ['to the workbench', { WORKBENCH_URL: 'https://workbench.example/cases/{acceptanceNumber}' }, []],
    ['to the api itself', { PUBLIC_URL: 'https://mente.example' }, []],
    ['nowhere', {}, ['WORKBENCH_URL']],
    [
      'to no case',
      { PUBLIC_URL: 'https://mente.example', WORKBENCH_URL: 'https://workbench.example' },
      ['WORKBENCH_URL'],
    ],
  ])('lead %s', (_, given, wrong) => {
    const others = ['INSURANCE_URL', 'INSURANCE_TOKEN', 'SMTP_URL', 'MAIL_FROM', 'TWILIO_ACCOUNT_SID'];
    expect(refused(workerEnv, { ...common, ...given }).filter((name) => !others.includes(name))).toEqual(wrong);
  });
});

describe('tokens', () => {
  it('of the embedded stack are accepted by it alone', () => {
    expect(refused(apiEnv, embedded)).toEqual([]);
    expect(refused(apiEnv, { ...embedded, NODE_ENV: 'production' })).toContain('EMBEDDED_TOKEN_KEY');
    expect(refused(apiEnv, { ...embedded, ...issuer })).toEqual(['EMBEDDED_TOKEN_KEY']);
    expect(refused(apiEnv, { ...embedded, ...issuer, NODE_ENV: 'production' })).toEqual(['EMBEDDED_TOKEN_KEY']);
  });

  it('need an issuer, and each an audience and whom it speaks for', () => {
    expect(refused(apiEnv, common)).toEqual(['OIDC_ISSUERS']);
    const { audience: _, ...withoutAudience } = office;
    const { channel: __, ...withoutChannel } = app;
    for (const list of [
      [],
      [withoutAudience],
      [{ ...office, for: 'everybody' }],
      [withoutChannel],
      [{ ...app, channel: 'window' }],
      [{ ...app, claims: { roles: 'roles' } }],
      [office, office],
    ]) {
      expect([list, refused(apiEnv, { ...common, ...issuers(...list) })[0]]).toEqual([list, 'OIDC_ISSUERS']);
    }
    expect(refused(apiEnv, { ...common, OIDC_ISSUERS: 'https://id.example' })).toEqual(['OIDC_ISSUERS']);
    expect(refused(apiEnv, { ...common, ...issuer, NODE_ENV: 'production' })).toEqual([]);
    expect(readEnv(apiEnv, { ...common, ...issuers(office, app, { ...app, audience: 'other' }) })).toMatchObject({
      OIDC_ISSUERS: [{ claims: { roles: 'roles' } }, { claims: { name: 'name', idNumber: 'id_number' } }, {}],
    });
  });

  it('are taken in production from issuers that are reached by https only', () => {
    const plain = { ...common, ...issuers(office, { ...app, issuer: 'http://app.example' }) };
    expect(refused(apiEnv, { ...plain, NODE_ENV: 'production' })).toEqual(['OIDC_ISSUERS']);
    expect(refused(apiEnv, plain)).toEqual([]);
  });

  it('of the embedded stack need a key that is one', () => {
    expect(refused(apiEnv, { ...common, EMBEDDED_TOKEN_KEY: 'not json' })).toEqual(['EMBEDDED_TOKEN_KEY']);
  });
});

it('a public address needs no slash at its end', () => {
  const { PUBLIC_URL = '' } = readEnv(apiEnv, { ...embedded, PUBLIC_URL: 'https://mente.example.org/' });
  expect(twilioHookUrl(PUBLIC_URL)).toBe('https://mente.example.org/v1/hooks/twilio/status');
});
