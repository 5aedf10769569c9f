import { describe, expect, it } from '@jest/globals';
import { apiEnv, ConfigError, commonEnv, readEnv, workerEnv } from '../../config/env.ts';

const key = Buffer.alloc(32, 1).toString('base64');
const common = {
  DATABASE_URL: 'postgres://mente@127.0.0.1/mente',
  FILES_DIR: '/srv/files',
  DATA_KEYS: `k2:${key},k1:${key}`,
  DATA_HASH_KEY: key,
};
const embedded = { ...common, EMBEDDED_TOKEN_KEY: '{"kty":"OKP"}' };
const issuer = { OIDC_ISSUER: 'https://id.example', OIDC_AUDIENCE: 'mente' };

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
      'OIDC_ISSUER',
    ]);
    expect(refused(workerEnv, common)).toEqual([
      'TWILIO_ACCOUNT_SID',
      'TWILIO_AUTH_TOKEN',
      'TWILIO_FROM',
      'INSURANCE_URL',
      'INSURANCE_TOKEN',
      'SMTP_URL',
      'MAIL_FROM',
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

describe('tokens', () => {
  it('of the embedded stack are accepted by it alone', () => {
    expect(refused(apiEnv, embedded)).toEqual([]);
    expect(refused(apiEnv, { ...embedded, NODE_ENV: 'production' })).toContain('EMBEDDED_TOKEN_KEY');
    expect(refused(apiEnv, { ...embedded, ...issuer })).toEqual(['EMBEDDED_TOKEN_KEY']);
    expect(refused(apiEnv, { ...embedded, ...issuer, NODE_ENV: 'production' })).toEqual(['EMBEDDED_TOKEN_KEY']);
  });

  it('need an issuer and an audience', () => {
    expect(refused(apiEnv, common)).toEqual(['OIDC_ISSUER']);
    expect(refused(apiEnv, { ...common, OIDC_ISSUER: 'https://id.example' })).toEqual(['OIDC_AUDIENCE']);
    expect(refused(apiEnv, { ...common, ...issuer, NODE_ENV: 'production' })).toEqual([]);
  });

  it('of the embedded stack need a key that is one', () => {
    expect(refused(apiEnv, { ...common, EMBEDDED_TOKEN_KEY: 'not json' })).toEqual(['EMBEDDED_TOKEN_KEY']);
  });
});
