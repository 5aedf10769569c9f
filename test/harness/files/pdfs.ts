import { deflateSync } from 'node:zlib';
import { PDFDocument } from '@cantoo/pdf-lib';

/** A PDF of one page, written by hand: with these objects (from number 4 on), and these entries in its dictionaries. */
export function pdfWith({ catalogue = '', page = '', trailer = '', objects = [] as string[] } = {}): Buffer {
  const all = [
    `<</Type/Catalog/Pages 2 0 R${catalogue}>>`,
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    `<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]${page}>>`,
    ...objects,
  ];
  const body = all.map((object, index) => `${index + 1} 0 obj${object}endobj\n`).join('');
  return Buffer.from(`%PDF-1.7\n${body}trailer<</Root 1 0 R/Size ${all.length + 1}${trailer}>>\n%%EOF\n`, 'latin1');
}

/** An object stream that holds these objects, from this number on. */
export function objectStream(from: number, objects: string[]): string {
  const offsets = objects.map((_, index) => objects.slice(0, index).join(' ').length + (index > 0 ? 1 : 0));
  const head = offsets.map((offset, index) => `${from + index} ${offset}`).join(' ');
  return flated(
    `/Type/ObjStm/N ${objects.length}/First ${head.length + 1}`,
    Buffer.from(`${head} ${objects.join(' ')}`),
  );
}

/** A stream of this content, compressed. */
export function flated(entries: string, content: Buffer): string {
  const bytes = deflateSync(content);
  return `<<${entries}/Filter/FlateDecode/Length ${bytes.length}>>stream\n${bytes.toString('latin1')}\nendstream `;
}

/** A document as programs write it: compressed, with object streams. */
export async function writtenPdf(fill: (document: PDFDocument) => unknown = () => undefined): Promise<Buffer> {
  const document = await PDFDocument.create();
  document.addPage();
  await fill(document);
  return Buffer.from(await document.save({ useObjectStreams: true }));
}

/** Encrypted so that anybody can open it, as most programs do to forbid changes. */
export function lockedPdf(): Promise<Buffer> {
  return writtenPdf((document) => document.encrypt({ ownerPassword: 'owner', permissions: { modifying: false } }));
}

const script = '<</S/JavaScript/JS(app.alert\\(1\\))>>';

/** PDFs in which something could run. */
export const scriptedPdfs: [string, () => Buffer | Promise<Buffer>][] = [
  ['a script when it is opened', () => pdfWith({ catalogue: `/OpenAction${script}` })],
  ['a script in another object', () => pdfWith({ catalogue: '/OpenAction 4 0 R', objects: [script] })],
  ['a script under an escaped name', () => pdfWith({ objects: ['<</S/J#61vaScript/JS(1)>>'] })],
  ['a script in an object stream', () => pdfWith({ objects: [objectStream(5, ['<</A 1>>', script])] })],
  ['a named script, as a program writes it', () => writtenPdf((document) => document.addJavaScript('a', 'app.beep()'))],
  ['a script of a page', () => pdfWith({ page: `/AA<</O${script}>>` })],
  ['an address that a page opens', () => pdfWith({ page: '/AA<</O<</S/URI/URI(https://a.example)>>>>' })],
  ['an address that it opens', () => pdfWith({ catalogue: '/OpenAction<</S/URI/URI(https://a.example)>>' })],
  ['a program that it starts', () => pdfWith({ objects: ['<</S/Launch/F(cmd.exe)>>'] })],
  ['a link that is a script', () => pdfWith({ objects: ['<</S/URI/URI(javascript:alert\\(1\\))>>'] })],
  ['a form that sends itself', () => pdfWith({ objects: ['<</S/SubmitForm/F(https://a.example)>>'] })],
  ['a dynamic form (XFA)', () => pdfWith({ catalogue: '/AcroForm<</XFA[]/Fields[]>>' })],
  ['a script that nothing refers to any more', () => pdfWith({ objects: ['<<>>', script] })],
  ['rich media', () => pdfWith({ page: '/Annots[<</Type/Annot/Subtype/RichMedia>>]' })],
];

/** PDFs with a file within. */
export const pdfsWithAttachments: [string, () => Buffer | Promise<Buffer>][] = [
  ['an attachment, as a program writes it', () => writtenPdf((document) => document.attach(Buffer.from('x'), 'x.txt'))],
  ['a list of attachments', () => pdfWith({ catalogue: '/Names<</EmbeddedFiles<</Names[]>>>>' })],
  ['an attachment on a page', () => pdfWith({ page: '/Annots[<</Type/Annot/Subtype/FileAttachment>>]' })],
  ['a file in an object stream', () => pdfWith({ objects: [objectStream(5, ['<</Type/Filespec/EF<</F 9 0 R>>>>'])] })],
  ['a portfolio', () => pdfWith({ catalogue: '/Collection<<>>' })],
];

/** PDFs that can only be read, though something in them looks otherwise. */
export const readablePdfs: [string, () => Buffer | Promise<Buffer>][] = [
  ['as a program writes it', () => writtenPdf()],
  ['that begins with an empty line', () => Buffer.concat([Buffer.from('\r\n'), pdfWith()])],
  ['that is padded', () => Buffer.concat([pdfWith(), Buffer.alloc(5000)])],
  ['that opens at a page', () => pdfWith({ catalogue: '/OpenAction[3 0 R/Fit]' })],
  ['that offers to print', () => pdfWith({ catalogue: '/OpenAction<</S/Named/N/Print>>' })],
  [
    'with fonts called JS and AA',
    () =>
      pdfWith({
        page: '/Resources<</Font<</JS 4 0 R/AA 4 0 R/EF 4 0 R>>>>',
        objects: ['<</Type/Font/Subtype/Type1>>'],
      }),
  ],
  ['with a link', () => pdfWith({ page: '/Annots[<</Subtype/Link/A<</S/URI/URI(https://a.example)>>>>]' })],
];
