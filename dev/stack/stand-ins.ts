import { systemClock } from '../../config/clock.ts';
import { commonEnv, readEnv } from '../../config/env.ts';
import { loadPolicies } from '../../policy/load.ts';
import { policyInForce } from '../../policy/versions.ts';
import { startStandIns } from '../stand-ins/start.ts';
import { runChild } from './child.ts';

/** The providers' stand-ins as a part of the embedded stack. */
await runChild(async () => {
  const { SMTP_PORT, OUTBOX_PORT, TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, INSURANCE_TOKEN, DATA_DIR } = process.env;
  const { ALIYUN_ACCESS_KEY_ID, ALIYUN_ACCESS_KEY_SECRET } = process.env;
  const { POLICY_FILE } = readEnv(commonEnv.pick({ POLICY_FILE: true }));
  const { city } = policyInForce({ policies: loadPolicies(POLICY_FILE), now: systemClock });
  const standIns = await startStandIns({
    smtpPort: Number(SMTP_PORT ?? 1025),
    httpPort: Number(OUTBOX_PORT ?? 4010),
    accountSid: TWILIO_ACCOUNT_SID ?? '',
    authToken: TWILIO_AUTH_TOKEN ?? '',
    accessKeyId: ALIYUN_ACCESS_KEY_ID ?? '',
    accessKeySecret: ALIYUN_ACCESS_KEY_SECRET ?? '',
    insuranceToken: INSURANCE_TOKEN ?? '',
    region: city.region,
    ...(DATA_DIR ? { dataDir: DATA_DIR } : {}),
  });
  console.log(
    `Mail at ${standIns.smtpUrl}, the stand-ins for 短信 and the page of what was sent at ${standIns.twilioUrl}`,
  );
  return standIns.stop;
});
