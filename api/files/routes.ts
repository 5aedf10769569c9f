import { fileTypeFromBuffer } from 'file-type';
import multer from 'multer';
import { policyInForce } from '../../policy/versions.ts';
import { readContent, saveFile } from '../../store/files/uploads.ts';
import type { ApiContext } from '../context.ts';
import { onFile, only } from '../http/access.ts';
import { Problem, problems } from '../http/errors.ts';
import { route } from '../http/route.ts';
import { fileAnswer, fileView } from './answers.ts';

/** The types that are taken, each with its extension for when somebody saves the file. */
const extensions: Record<string, string> = { 'image/jpeg': 'jpg', 'image/png': 'png', 'application/pdf': 'pdf' };

/** `POST /v1/files` and `GET /v1/files/{fileId}`: uploading and viewing the files of materials. */
export function fileRoutes(context: ApiContext) {
  const { store, now } = context;
  const upload = () => {
    const fileSize = policyInForce(context).materials.maximumFileMegabytes * 1024 * 1024;
    return multer({ storage: multer.memoryStorage(), limits: { fileSize, files: 1, fields: 0 } });
  };
  return [
    route({
      method: 'post',
      path: '/v1/files',
      summary: '上传材料文件(JPEG、PNG、PDF)',
      access: only('applicant', 'clerk'),
      audit: { action: 'change', kind: 'file', part: 'upload' },
      before: (request, response, next) =>
        upload().single('file')(request, response, (error) => next(error && readable(error))),
      upload: true,
      answers: { 201: { description: 'The file is kept', schema: fileAnswer } },
      async handle({ request, user }) {
        const { contentType, content } = await recognise(request.file?.buffer);
        const body = fileView(await saveFile(store, { content, contentType, uploadedBy: user.subject, at: now() }));
        return {
          status: 201,
          body,
          about: { objects: [body.fileId], people: [], own: user.roles.includes('applicant') },
        };
      },
    }),
    route({
      method: 'get',
      path: '/v1/files/{fileId}',
      summary: '查看材料文件',
      access: onFile,
      audit: { action: 'read', kind: 'file', part: 'content' },
      answers: { 200: { description: 'The content, in its own type' } },
      async handle({ found: { file } }) {
        const content = await readContent(store, file);
        // An upload is shown, never run: no sniffing (helmet), no scripts, and it isn't kept in shared caches.
        const headers = {
          'Cache-Control': 'private, no-store',
          'Content-Disposition': `inline; filename="${file.id}.${extensions[file.contentType]}"`,
          'Content-Security-Policy': "default-src 'none'; sandbox",
        };
        return { status: 200, content: { type: file.contentType, data: content }, headers };
      },
    }),
  ];
}

/** Takes the type from the content: a name or a header can say anything. */
async function recognise(content: Buffer | undefined): Promise<{ content: Buffer; contentType: string }> {
  if (!content || content.length === 0) {
    throw problems.invalid([{ field: 'file', code: 'missing', detail: '请在字段 file 中上传一个文件,文件不能为空。' }]);
  }
  const fileType = await fileTypeFromBuffer(content);
  if (!fileType || !extensions[fileType.mime]) {
    throw new Problem(415, 'file-type-unsupported', '只能上传 JPEG、PNG 图片或 PDF 文件。');
  }
  return { content, contentType: fileType.mime };
}

/**
 * Makes a Problem of the plain errors that multer's parser throws for a body that isn't multipart or was cut off; what
 * multer itself refuses has an error class of its own.
 */
function readable(error: unknown): unknown {
  if (error instanceof multer.MulterError) return error;
  return new Problem(400, 'malformed', '上传的内容不完整或格式有误,请重新上传。');
}
