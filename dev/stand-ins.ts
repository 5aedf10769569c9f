import { runChild } from './child.ts';
import { startStandIns } from './stand-ins/start.ts';

/** The providers' stand-ins as a part of the embedded stack. */
await runChild(async () => {
  const { SMTP_PORT, OUTBOX_PORT, TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, INSURANCE_TOKEN, DATA_DIR } = process.env;
  const standIns = await startStandIns({
    smtpPort: Number(SMTP_PORT ?? 1025),
    httpPort: Number(OUTBOX_PORT ?? 4010),
    accountSid: TWILIO_ACCOUNT_SID ?? '',
    authToken: TWILIO_AUTH_TOKEN ?? '',
    insuranceToken: INSURANCE_TOKEN ?? '',
    ...(DATA_DIR ? { dataDir: DATA_DIR } : {}),
  });
  console.log(`Mail at ${standIns.smtpUrl}, Twilio's stand-in and the page of what was sent at ${standIns.twilioUrl}`);
  return standIns.stop;
});
