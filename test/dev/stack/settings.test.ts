import { describe, expect, it } from '@jest/globals';
import { stackSettings } from '../../../dev/stack/settings.ts';

describe('the settings of the parts', () => {
  const secrets = {
    dataKey: 'a',
    hashKey: 'b',
    tokenKey: { kty: 'OKP', d: 'secret' },
    twilioAccountSid: 'AC1',
    twilioAuthToken: 't',
  };

  it('use the own parts and keys, and never pass on the private one', () => {
    const settings = stackSettings({ PORT: '1', SMTP_PORT: '2', DATABASE_URL: '' }, '/data');
    expect(settings).toMatchObject({ ownDatabase: true, ownTemporal: true });
    expect(settings.ports.map(({ variable }) => variable)).toHaveLength(6);
    const child = settings.childEnv(secrets);
    expect(child).toMatchObject({
      PORT: '1',
      SMTP_URL: 'smtp://127.0.0.1:2',
      WORKBENCH_URL: 'http://127.0.0.1:1/v1/applications/{acceptanceNumber}',
      TWILIO_BASE_URL: 'http://127.0.0.1:4010',
      ALIYUN_ENDPOINT: 'http://127.0.0.1:4010',
    });
    expect(child.EMBEDDED_TOKEN_KEY).toBe('{"kty":"OKP"}');
  });

  it('leave out what the environment names elsewhere', () => {
    const given = {
      DATABASE_URL: 'postgres://db/x',
      TEMPORAL_ADDRESS: 'temporal:7233',
      TWILIO_ACCOUNT_SID: 'AC2',
      ALIYUN_ACCESS_KEY_ID: 'LTAI2',
      OIDC_ISSUERS: '[]',
    };
    const settings = stackSettings(given, '/data');
    expect(settings.ports.map(({ variable }) => variable)).toEqual(['PORT', 'OUTBOX_PORT', 'SMTP_PORT']);
    expect(settings.addresses.temporalUiUrl).toBeUndefined();
    const child = settings.childEnv(secrets);
    expect(child).toMatchObject(given);
    expect(child).not.toHaveProperty('TWILIO_BASE_URL');
    expect(child).not.toHaveProperty('ALIYUN_ENDPOINT');
    expect(child).not.toHaveProperty('EMBEDDED_TOKEN_KEY');
  });
});
