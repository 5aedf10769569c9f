import {
  EncryptedPDFError,
  ParseSpeeds,
  PDFArray,
  type PDFContext,
  PDFDict,
  PDFDocument,
  PDFHexString,
  PDFInvalidObject,
  PDFName,
  type PDFObject,
  PDFRef,
  PDFStream,
  PDFString,
} from '@cantoo/pdf-lib';

/** What is wrong with a PDF. */
export type PdfFault = 'damaged' | 'encrypted' | 'noPages' | 'scripted' | 'attachments';

/**
 * Opens a PDF and looks at each of its objects, in object streams too, and whether anything refers to it or not. Takes
 * as long, and as much memory, as the file makes it: for a process of its own.
 * @returns everything that is wrong; nothing where it can be read, and only be read
 */
export async function pdfFaults(content: Uint8Array): Promise<PdfFault[]> {
  if (!hasEnd(content) || hidesObjects(content)) return ['damaged'];
  try {
    const document = await PDFDocument.load(content, { parseSpeed: ParseSpeeds.Fastest, updateMetadata: false });
    const { context } = document;
    const objects = context.enumerateIndirectObjects().map(([, object]) => object);
    if (objects.length === 0) return ['noPages'];
    // What the parser can't read, a more forgiving viewer may.
    if (objects.some((object) => object instanceof PDFInvalidObject)) return ['damaged'];
    const found = new Set<PdfFault>();
    if (document.getPageCount() === 0) found.add('noPages');
    for (const dict of dictsIn([...objects, ...inTrailer(context)])) {
      if (isActive(dict)) found.add('scripted');
      if (isAttachment(dict)) found.add('attachments');
    }
    return [...found];
  } catch (error) {
    if (error instanceof EncryptedPDFError) return ['encrypted'];
    return [hasObject(content) ? 'damaged' : 'noPages'];
  }
}

/** Where readers look for the end of a PDF, and for its header; some programs pad it. */
const END_BYTES = 1024;

/** Whether the file is there to its end. */
function hasEnd(content: Uint8Array): boolean {
  let end = content.length;
  while (end > 0 && [0, 9, 10, 13, 32].includes(content[end - 1] as number)) end -= 1;
  return Buffer.from(content.subarray(Math.max(0, end - END_BYTES), end)).includes('%%EOF');
}

/** Whether there are objects before its header: the parser doesn't look there, and a viewer may. */
function hidesObjects(content: Uint8Array): boolean {
  const head = Buffer.from(content.subarray(0, END_BYTES)).toString('latin1');
  return /<<|\bobj\b/.test(head.slice(0, Math.max(0, head.indexOf('%PDF-'))));
}

const hasObject = (content: Uint8Array) => /\d\s+obj\b/.test(Buffer.from(content).toString('latin1'));

/** What the trailer holds by itself, rather than by a reference. */
function inTrailer({ trailerInfo: { Root, Info } }: PDFContext): PDFObject[] {
  return [Root, Info].filter((object) => object !== undefined);
}

/** All dictionaries within these objects, however deep. */
function* dictsIn(objects: PDFObject[]): Generator<PDFDict> {
  const rest = [...objects];
  for (let object = rest.pop(); object; object = rest.pop()) {
    const within = object instanceof PDFStream ? object.dict : object;
    if (within instanceof PDFDict) {
      yield within;
      for (const value of within.values()) rest.push(value);
    } else if (within instanceof PDFArray) {
      for (const value of within.asArray()) rest.push(value);
    }
  }
}

const at = (dict: PDFDict, key: string) => dict.lookup(PDFName.of(key));
const nameAt = (dict: PDFDict, key: string) => {
  const value = at(dict, key);
  return value instanceof PDFName ? value.decodeText() : '';
};
const isText = (value: unknown): value is PDFString | PDFHexString =>
  value instanceof PDFString || value instanceof PDFHexString;

/** Actions and annotations that do something with a viewer, or with the machine and the net around it. */
const acting = ['JavaScript', 'Launch', 'SubmitForm', 'ImportData', 'Rendition', 'Movie', 'Sound'];
const moving = ['RichMedia', '3D', 'Screen', 'Movie', 'Sound'];
/** What may happen by itself: showing a page, and offering to print. */
const harmlessByItself = ['GoTo', 'Named', ''];

/**
 * Whether something could run in whoever opens the document. A key alone says nothing: a font may be called `JS` or
 * `AA`.
 */
function isActive(dict: PDFDict): boolean {
  if (acting.includes(nameAt(dict, 'S')) || moving.includes(nameAt(dict, 'Subtype'))) return true;
  if (['JavaScript', 'XFA'].some((key) => dict.has(PDFName.of(key)))) return true;
  const [script, link, byItself] = [at(dict, 'JS'), at(dict, 'URI'), at(dict, 'AA')];
  if (isText(script) || script instanceof PDFStream) return true;
  if (isText(link) && /^\s*javascript:/i.test(link.decodeText())) return true;
  const events = byItself instanceof PDFDict ? byItself.keys().map((key) => byItself.lookup(key)) : [];
  return [at(dict, 'OpenAction'), ...events].some(
    (action) => action instanceof PDFDict && !harmlessByItself.includes(nameAt(action, 'S')),
  );
}

/** Whether it holds, or names, a file within the file. */
function isAttachment(dict: PDFDict): boolean {
  if (nameAt(dict, 'Type') === 'EmbeddedFile' || nameAt(dict, 'Subtype') === 'FileAttachment') return true;
  const contents = at(dict, 'EF');
  if (contents instanceof PDFDict && contents.values().some((value) => value instanceof PDFRef)) {
    if (nameAt(contents, 'Type') !== 'Font') return true;
  }
  return ['EmbeddedFiles', 'Collection'].some((key) => dict.has(PDFName.of(key)));
}
