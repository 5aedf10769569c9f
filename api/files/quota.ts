import { addDays, shanghaiDate, shanghaiInstant, shanghaiMinute } from '../../domain/dates.ts';
import type { UploadQuota } from '../../domain/files/quota.ts';
import type { Policy } from '../../policy/schema.ts';
import { QuotaExceeded } from '../../store/files/uploads.ts';
import type { User } from '../http/auth.ts';
import { problems } from '../http/errors.ts';

type Uploads = Policy['materials']['uploads'];
type Megabytes = Uploads['clerk']['daily'];

const MEGABYTE = 1024 * 1024;
const inBytes = ({ files, megabytes }: Megabytes) => ({ files, bytes: megabytes * MEGABYTE });

/** How much a user may upload. */
export function quotaOf({ uploads }: Policy['materials'], user: User): UploadQuota {
  const { daily, unused } = uploads[user.roles.includes('clerk') ? 'clerk' : 'applicant'];
  return { daily: inBytes(daily), unused: inBytes(unused) };
}

/**
 * Makes a problem of an exceeded quota: 429 that says when there is room again. Other errors stay as they are.
 * @param now instant
 */
export function quotaProblem(
  error: unknown,
  { uploads }: Policy['materials'],
  quota: UploadQuota,
  now: string,
): unknown {
  if (!(error instanceof QuotaExceeded)) return error;
  const { files, bytes } = quota[error.which];
  const limit = `${files} 个、共 ${bytes / MEGABYTE} MB`;
  if (error.which === 'daily') {
    const tomorrow = shanghaiInstant(addDays(shanghaiDate(now), 1), '00:00');
    const detail = `今天上传的文件已达上限(每天 ${limit}),请明天再上传。`;
    return problems.tooManyUntil('upload-quota', detail, { until: tomorrow, now });
  }
  const days = uploads.unusedDays * 86_400_000;
  const sweptAt = new Date(Date.parse(error.usage.unusedSince ?? now) + days).toISOString();
  const detail =
    `已上传但还没有提交的文件已达上限(${limit}),请先用它们提交申请;` +
    `没有提交的文件会自动删除,最早的一个在 ${shanghaiMinute(sweptAt)} 之后。`;
  return problems.tooManyUntil('upload-quota', detail, { until: sweptAt, now });
}
