import { type FieldError, Problem } from '../../http/errors.ts';
import type { ProblemCode } from '../../http/problem-codes.ts';
import type { ImageFault } from './image.ts';
import type { PdfFault } from './pdf-faults.ts';

/** Why a content can't be used. */
export type Fault = ImageFault | PdfFault | 'tooComplex' | 'infected';

const again = '请重新打印为 PDF,或拍照、扫描后上传。';

/** The problem's code for each, and what to do about it. */
const words: Record<Fault, [code: ProblemCode, detail: string]> = {
  damaged: ['file-damaged', '文件不完整或已损坏,无法打开,请重新拍照、扫描或导出后上传。'],
  tooManyPixels: ['image-too-large', '图片尺寸过大,请降低分辨率(如改用普通拍照模式)后重新上传。'],
  encrypted: ['pdf-encrypted', 'PDF 已加密或设有权限密码,请取消密码保护后重新上传,或重新打印为 PDF、拍照后上传。'],
  noPages: ['pdf-empty', 'PDF 中没有任何页面,请检查文件后重新上传。'],
  scripted: ['pdf-scripted', `PDF 中含有脚本或会自动执行的内容,不能接收。${again}`],
  attachments: ['pdf-attachments', `PDF 中夹带了附件,不能接收。${again}附件中的材料请单独上传。`],
  tooComplex: ['pdf-too-complex', `PDF 过于复杂,无法检查。${again}`],
  infected: ['file-infected', '文件经安全检查含有病毒,没有保存。请在安全的设备上重新拍照、扫描或导出后上传。'],
};

/** The pictures that iPhones take by themselves: few programs show them, and our decoder has no HEVC. */
const heic = /^image\/hei[cf]/;
const HEIC = [
  'heic-unsupported',
  '这是 HEIC 格式的照片,不能接收。请把相机格式改为 JPEG(iPhone 在“设置-相机-格式”中选“兼容性最佳”)后重新拍照,' +
    '或把照片转为 JPEG 后上传。',
] as const;
const OTHER = ['file-type-unsupported', '只能上传 JPEG、PNG、WebP 图片或 PDF 文件。'] as const;

/** @param type of a content that isn't taken, as far as it is known */
export function unsupported(type: string): Problem {
  const [code, detail] = heic.test(type) ? HEIC : OTHER;
  return new Problem(415, code, detail);
}

/** Their codes, and those of what can't be used, for a route's description. */
export const unsupportedCodes: readonly ProblemCode[] = [OTHER[0], HEIC[0]];

/** @returns a problem with the code of the first fault; with several, `errors` has them all */
export function unusable(faults: Fault[]): Problem {
  const errors = faults.map((fault): FieldError => {
    const [code, detail] = words[fault];
    return { field: 'file', code, detail };
  });
  const [first] = faults as [Fault];
  return new Problem(422, ...words[first], { errors });
}

export const unusableCodes = Object.values(words).map(([code]) => code);
