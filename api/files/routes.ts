import type { RequestHandler } from 'express';
import { addMonths, shanghaiDate } from '../../domain/dates.ts';
import { extensions } from '../../domain/files/types.ts';
import { longestRecordMonths } from '../../policy/catalogue.ts';
import { policyInForce } from '../../policy/versions.ts';
import { ContentLost, NotWritten, readContent } from '../../store/files/content.ts';
import { type Paper, papersOf } from '../../store/files/papers.ts';
import { assertRoom, saveFile, type Uploader } from '../../store/files/uploads.ts';
import type { ApiContext } from '../context.ts';
import { aboutAll, onFile, only } from '../http/access.ts';
import type { User } from '../http/auth.ts';
import { Problem, problems } from '../http/errors.ts';
import { fileSeconds } from '../http/in-time.ts';
import { limiter } from '../http/limits.ts';
import { cursors, decodeCursor, listQuery, page } from '../http/paging.ts';
import { route } from '../http/route.ts';
import { fileAnswer, fileView, papersAnswer, paperView } from './answers.ts';
import { unsupportedCodes, unusableCodes } from './content/unusable.ts';
import { quotaOf, quotaProblem } from './quota.ts';
import { contentOf, takeUpload } from './upload.ts';

/** Uploading and viewing the files of materials, and which of them can be handed in again. */
export function fileRoutes(context: ApiContext) {
  const { store, inspector, now } = context;
  const materials = () => policyInForce(context).materials;
  const { take } = limiter(context);

  /** Whoever may upload no more is told so before anything is read. */
  const receive: RequestHandler = async (request, response, next) => {
    await countTry(response.locals.user);
    await withinQuota(response.locals.user, (uploader) => assertRoom(store, uploader));
    takeUpload(materials().maximumFileMegabytes)(request, response, next);
  };

  /** Opening a file costs time, also one that isn't kept. */
  async function countTry(account: User): Promise<void> {
    const { perAccount, atWindow } = policyInForce(context).limits.uploads;
    const most = account.roles.includes('clerk') ? atWindow : perAccount;
    const detail = `每个账号每天最多上传 ${most} 个文件,请明天再试;急需办理的,请到窗口办理。`;
    await take({ code: 'too-many-uploads', counted: { account }, most, within: 'day', detail });
  }

  async function withinQuota<Result>(user: User, work: (uploader: Uploader) => Promise<Result>): Promise<Result> {
    const [quota, at] = [quotaOf(materials(), user), now()];
    return work({ uploadedBy: user.subject, at, quota }).catch((error) => {
      throw error instanceof NotWritten ? problems.unavailable(error) : quotaProblem(error, materials(), quota, at);
    });
  }

  return [
    route({
      method: 'post',
      path: '/v1/files',
      operationId: 'uploadFile',
      summary: '上传材料文件(JPEG、PNG、WebP、PDF)',
      access: only('applicant', 'clerk'),
      audit: { action: 'change', kind: 'file', part: 'upload' },
      refusals: [...unsupportedCodes, ...unusableCodes, 'file-too-large', 'too-many-uploads', 'upload-quota'],
      before: receive,
      upload: true,
      receiveSeconds: () => fileSeconds(materials().maximumFileMegabytes),
      answers: { 201: { description: 'The file is kept', schema: fileAnswer } },
      async handle({ request, user }) {
        const content = contentOf(request.file);
        const contentType = await inspector.inspect(content, materials());
        const save = (uploader: Uploader) => saveFile(store, { ...uploader, content, contentType });
        const body = fileView(await withinQuota(user, save));
        const about = { objects: [body.fileId], people: [], own: user.roles.includes('applicant') };
        return { status: 201, body, about };
      },
    }),
    route({
      method: 'get',
      path: '/v1/files',
      operationId: 'listPapers',
      summary: '我的材料:以前提交过、现在仍可再次提交的文件',
      access: only('applicant'),
      audit: { action: 'read', kind: 'file', part: 'papers' },
      query: listQuery,
      answers: {
        200: { description: 'Handed in for the person, or by them for others; newest first', schema: papersAnswer },
      },
      async handle({ user, query: { cursor, limit } }) {
        const ended = decodeCursor(cursor, cursors.papers);
        const after = ended && { uploadedAt: ended[0], id: ended[1] };
        const policy = policyInForce(context);
        const recordsSince = addMonths(shanghaiDate(now()), -longestRecordMonths(policy));
        const papers = await papersOf(store, { person: user.subject, recordsSince, after, limit });
        const ends = ({ uploadedAt, id }: Paper) => [uploadedAt, id];
        const about = aboutAll(papers, user);
        const objects = [...papers.map(({ id }) => id), ...about.objects];
        return {
          status: 200,
          body: page(papers, limit, ends, (paper) => paperView(policy, paper)),
          about: { ...about, objects, own: true },
        };
      },
    }),
    route({
      method: 'get',
      path: '/v1/files/{fileId}',
      operationId: 'downloadFile',
      summary: '查看材料文件',
      access: onFile,
      audit: { action: 'read', kind: 'file', part: 'content' },
      refusals: ['file-lost'],
      answers: { 200: { description: 'The content, in its own type, to be saved', types: Object.keys(extensions) } },
      async handle({ found: { file } }) {
        const content = await readContent(store, file).catch((error) => {
          throw error instanceof ContentLost ? lost() : error;
        });
        // Never shown by the browser in place, whatever it holds; and if one shows it all the same, then in an origin
        // of its own (sandbox), in which nothing runs or loads. With helmet's: no sniffing, for no other site's page.
        const headers = {
          'Cache-Control': 'private, no-store',
          'Content-Disposition': `attachment; filename="${file.id}.${extensions[file.contentType]}"`,
          'Content-Security-Policy': "default-src 'none'; sandbox",
        };
        return { status: 200, content: { type: file.contentType, data: content }, headers };
      },
    }),
  ];
}

const lost = () => new Problem(410, 'file-lost', '文件内容已丢失,请重新上传;已随申请提交的,请联系经办机构。');
