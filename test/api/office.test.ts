import { channelsSuite } from '../guide/channels.suite.ts';
import { describeApi } from '../harness/http/describe-api.ts';
import { accreditationSuite } from './accreditations/routes.suite.ts';
import { calendarSuite } from './calendar/routes.suite.ts';
import { findingsSuite } from './cases/findings.suite.ts';
import { databaseOutageSuite } from './database-outage.suite.ts';
import { listsSuite } from './lists.suite.ts';
import { noticesSuite } from './notices/routes.suite.ts';
import { deliverySuite } from './notifications/delivery.suite.ts';
import { peopleSuite } from './people/routes.suite.ts';
import { staffSuite } from './staff/routes.suite.ts';
import { statisticsSuite } from './statistics/routes.suite.ts';

await describeApi({
  lists: listsSuite,
  notices: noticesSuite,
  findings: findingsSuite,
  'an accreditation': accreditationSuite,
  'a person is found': peopleSuite,
  delivery: deliverySuite,
  'the staff': staffSuite,
  'the guide': channelsSuite,
  'the calendar': calendarSuite,
  statistics: statisticsSuite,
  'an outage of the database': databaseOutageSuite,
});
