import { afterAll, beforeAll, describe } from '@jest/globals';
import { channelsSuite } from '../guide/channels.suite.ts';
import { onEachDatabase } from '../support/each-database.ts';
import { type Http, openHttp } from '../support/http.ts';
import { accessSuite } from './access.suite.ts';
import { accreditationSuite } from './accreditation.suite.ts';
import { calendarSuite } from './calendar.suite.ts';
import { caseSuite } from './case.suite.ts';
import { correctionSuite } from './correction.suite.ts';
import { databaseOutageSuite } from './database-outage.suite.ts';
import { deliverySuite } from './delivery.suite.ts';
import { filesSuite } from './files.suite.ts';
import { filingSuite } from './filing.suite.ts';
import { findingsSuite } from './findings.suite.ts';
import { idempotencySuite } from './idempotency.suite.ts';
import { listsSuite } from './lists.suite.ts';
import { noticesSuite } from './notices.suite.ts';
import { oneTimeNoticeSuite } from './one-time-notice.suite.ts';
import { peopleSuite } from './people.suite.ts';
import { phoneSuite } from './phone.suite.ts';
import { staffSuite } from './staff.suite.ts';
import { statisticsSuite } from './statistics.suite.ts';

// One file, since what takes long is starting the servers.
await onEachDatabase((url) => {
  describe('the api', () => {
    let http: Http;
    beforeAll(async () => {
      http = await openHttp({ databaseUrl: url() });
    });
    afterAll(() => http?.close());

    describe('access', () => accessSuite(() => http));
    describe('files', () => filesSuite(() => http));
    describe('filing', () => filingSuite(() => http));
    describe('idempotency', () => idempotencySuite(() => http));
    describe('lists', () => listsSuite(() => http));
    describe('a case', () => caseSuite(() => http));
    describe('what is missing', () => oneTimeNoticeSuite(() => http));
    describe('a resubmission', () => correctionSuite(() => http));
    describe('a new phone', () => phoneSuite(() => http));
    describe('notices', () => noticesSuite(() => http));
    describe('findings', () => findingsSuite(() => http));
    describe('an accreditation', () => accreditationSuite(() => http));
    describe('a person is found', () => peopleSuite(() => http));
    describe('delivery', () => deliverySuite(() => http));
    describe('the staff', () => staffSuite(() => http));
    describe('the guide', () => channelsSuite(() => http));
    describe('the calendar', () => calendarSuite(() => http));
    describe('statistics', () => statisticsSuite(() => http));
    describe('an outage of the database', () => databaseOutageSuite(() => http));
  });
});
