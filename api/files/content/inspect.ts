import { fileTypeFromBuffer } from 'file-type';
import type { Logger } from 'pino';
import { extensions } from '../../../domain/files/types.ts';
import type { Policy } from '../../../policy/schema.ts';
import { Problem, problems } from '../../http/errors.ts';
import { takingTurns } from '../../http/turns.ts';
import { imageFaults } from './image.ts';
import { createPdfReader } from './pdf.ts';
import { type ScannerUnavailable, scan } from './scanner.ts';
import { type Fault, unsupported, unusable } from './unusable.ts';

/** Looks into what people upload, before any of it is kept. */
export interface Inspector {
  /**
   * @returns the content's type, taken from itself: a name or a header can say anything
   * @throws Problem 415, 422 and 413 for what can't be used, with everything that is wrong; 503 where nobody knows
   */
  inspect(content: Buffer, materials: Limits): Promise<string>;
  close(): void;
}

/** So far every reader looks for the header of a PDF, whatever a mail or a proxy has put before it. */
const PDF_HEAD_BYTES = 1024;

type Limits = Pick<Policy['materials'], 'maximumFileMegabytes' | 'maximumMegapixels'>;

/** Images that are decoded at once, each of up to a few hundred megabytes, and that wait. */
const IMAGES = { atOnce: 2, waiting: 30 };

/** @param clamdAddress of the malware scanner; without it nothing is scanned */
export function createInspector({ clamdAddress, log }: { clamdAddress?: string | undefined; log: Logger }): Inspector {
  const pdfs = createPdfReader();
  const imageTurns = takingTurns(IMAGES.atOnce, IMAGES.waiting);

  async function assertClean(content: Buffer, { maximumFileMegabytes }: Limits): Promise<void> {
    if (clamdAddress === undefined) return;
    const verdict = await scan(clamdAddress, content).catch((error: ScannerUnavailable) => {
      throw problems.unavailable(error);
    });
    if (verdict === 'infected') throw unusable(['infected']);
    if (verdict === 'clean') return;
    log.error({ maximumFileMegabytes }, "clamd's StreamMaxLength is smaller than the files that the policy takes");
    // The scanner doesn't say what it takes.
    const megabytes = Math.ceil(content.length / 100_000) / 10;
    const detail = `文件有 ${megabytes} MB,目前只能检查更小的文件,请压缩到一半以下或分开上传。`;
    throw new Problem(413, 'file-too-large', detail);
  }
  return {
    async inspect(content, limits) {
      const contentType = await typeOf(content);
      await assertClean(content, limits);
      const faults: Fault[] =
        contentType === 'application/pdf'
          ? await pdfs.faults(content)
          : await imageTurns(() => imageFaults(content, contentType, limits.maximumMegapixels));
      if (faults.length > 0) throw unusable(faults);
      return contentType;
    },
    close: pdfs.close,
  };
}

async function typeOf(content: Buffer): Promise<string> {
  const head = content.toString('latin1', 0, PDF_HEAD_BYTES);
  // Some programs write an empty line before it.
  if (/^[\s\0]*%PDF-/.test(head)) return 'application/pdf';
  const type = (await fileTypeFromBuffer(content))?.mime ?? (head.includes('%PDF-') ? 'application/pdf' : '');
  if (extensions[type]) return type;
  throw unsupported(type);
}
