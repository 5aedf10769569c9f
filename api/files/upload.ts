import type { RequestHandler } from 'express';
import multer from 'multer';
import { type FieldError, Problem, problems } from '../http/errors.ts';

/** Field names and part headers are short; a file's own name isn't used. */
const NAME_BYTES = 100;

/**
 * Takes the one file of an upload into memory, as `request.file`. Refuses with a problem what isn't such an upload.
 * @param megabytes the most that it may hold
 */
export function takeUpload(megabytes: number): RequestHandler {
  const limits = { fileSize: megabytes * 1024 * 1024, files: 1, fields: 0, parts: 2, fieldNameSize: NAME_BYTES };
  const single = multer({ storage: multer.memoryStorage(), limits }).single('file');
  return (request, response, next) =>
    single(request, response, (error: unknown) => next(error && asProblem(error, megabytes)));
}

/** @throws Problem 422 where no file came, or nothing in it */
export function contentOf(file: Express.Multer.File | undefined): Buffer {
  if (file && file.buffer.length > 0) return file.buffer;
  const detail = file
    ? '文件是空的,请检查文件后重新上传。'
    : '请在表单(multipart/form-data)的字段 file 中上传一个文件。';
  throw problems.invalid([{ field: 'file', code: 'missing', detail }]);
}

/** What is wrong with a form, by multer's code. */
const wrong: Record<string, FieldError> = {
  LIMIT_FILE_COUNT: { field: 'file', code: 'tooMany', detail: '一次只能上传一个文件,请分开上传。' },
  LIMIT_PART_COUNT: { field: 'file', code: 'tooMany', detail: '一次只能上传一个文件,请分开上传。' },
  LIMIT_FIELD_COUNT: {
    field: 'file',
    code: 'unknownField',
    detail: '上传时只能有字段 file,且须是一个有文件名的文件,请去掉其他内容。',
  },
};

/**
 * Makes a problem of what multer throws: errors of its own class, and plain ones for a body that isn't multipart or was
 * cut off.
 */
function asProblem(error: unknown, megabytes: number): Problem {
  if (!(error instanceof multer.MulterError))
    return new Problem(400, 'malformed', '上传的内容不完整或格式有误,请重新上传。');
  const { code, field } = error;
  if (code === 'LIMIT_FILE_SIZE')
    return new Problem(413, 'file-too-large', `文件超过 ${megabytes} MB,请压缩或分开上传。`);
  if (code === 'LIMIT_UNEXPECTED_FILE' && field === 'file')
    return problems.invalid([wrong.LIMIT_FILE_COUNT as FieldError]);
  return problems.invalid([
    wrong[code] ?? { field: 'file', code: 'wrongField', detail: '请把文件放在字段 file 中上传,字段名不能是别的。' },
  ]);
}
