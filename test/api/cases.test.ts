import { accessSuite } from './access.suite.ts';
import { caseSuite } from './case.suite.ts';
import { correctionSuite } from './correction.suite.ts';
import { describeApi } from './describe-api.ts';
import { filesSuite } from './files.suite.ts';
import { filingSuite } from './filing.suite.ts';
import { idempotencySuite } from './idempotency.suite.ts';
import { oneTimeNoticeSuite } from './one-time-notice.suite.ts';
import { phoneSuite } from './phone.suite.ts';

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
