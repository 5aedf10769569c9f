import { describeApi } from '../harness/http/describe-api.ts';
import { caseSuite } from './cases/case.suite.ts';
import { correctionSuite } from './cases/correction.suite.ts';
import { filingSuite } from './cases/filing.suite.ts';
import { oneTimeNoticeSuite } from './cases/one-time-notice.suite.ts';
import { filesSuite } from './files/routes.suite.ts';
import { accessSuite } from './http/access.suite.ts';
import { idempotencySuite } from './http/idempotency.suite.ts';
import { phoneSuite } from './people/phone.suite.ts';

await describeApi({
  access: accessSuite,
  files: filesSuite,
  filing: filingSuite,
  idempotency: idempotencySuite,
  'a case': caseSuite,
  'what is missing': oneTimeNoticeSuite,
  'a resubmission': correctionSuite,
  'a new phone': phoneSuite,
});
