import { channelsSuite } from '../guide/channels.suite.ts';
import { accreditationSuite } from './accreditation.suite.ts';
import { calendarSuite } from './calendar.suite.ts';
import { databaseOutageSuite } from './database-outage.suite.ts';
import { deliverySuite } from './delivery.suite.ts';
import { describeApi } from './describe-api.ts';
import { findingsSuite } from './findings.suite.ts';
import { listsSuite } from './lists.suite.ts';
import { noticesSuite } from './notices.suite.ts';
import { peopleSuite } from './people.suite.ts';
import { staffSuite } from './staff.suite.ts';
import { statisticsSuite } from './statistics.suite.ts';

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
