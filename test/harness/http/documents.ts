import { randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { addDays, shanghaiDate } from '../../../domain/dates.ts';
import type { Channel, MaterialKind } from '../../../domain/vocabulary.ts';
import { type liNa, newPerson } from '../people.ts';

/** The smallest files that really are what they say: one dot each, and an empty page. */
export const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
export const jpeg = Buffer.from(
  '/9j/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeXBkeFxlZ2P/wAAL' +
    'CAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAB//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AQH//2Q==',
  'base64',
);
export const webp = Buffer.from('UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==', 'base64');
export const pdf = Buffer.from(
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n' +
    '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n',
);

/** A page that nobody else has handed in. */
export const newScan = (): Buffer => Buffer.concat([pdf, Buffer.from(`%${randomUUID()}\n`)]);

const END_CHUNK_BYTES = 12;

/** A picture that nobody else has handed in, by its comment. It is opened in the api itself, where a PDF needs a process. */
export function newPhoto(): Buffer {
  const comment = Buffer.from(`tEXtComment\0${randomUUID()}`);
  const chunk = Buffer.alloc(comment.length + 8);
  chunk.writeUInt32BE(comment.length - 'tEXt'.length);
  comment.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(comment), chunk.length - 4);
  const end = png.length - END_CHUNK_BYTES;
  return Buffer.concat([png.subarray(0, end), chunk, png.subarray(end)]);
}

/** Shanghai date so many days from now. */
export const dayFromNow = (days: number) => addDays(shanghaiDate(new Date().toISOString()), days);

export interface MaterialBody {
  kind: MaterialKind;
  fileIds: string[];
  issuedOn?: string;
}

/** The materials that every disease asks for, in one file. */
export function completeMaterials(fileId: string): MaterialBody[] {
  const kinds: MaterialKind[] = ['idCard', 'applicationForm', 'diagnosisCertificate'];
  return [
    ...kinds.map((kind) => ({ kind, fileIds: [fileId] })),
    { kind: 'medicalRecord', fileIds: [fileId], issuedOn: dayFromNow(-10) },
  ];
}

/** A complete body of `POST /v1/applications` for a new application. */
export function completeBody(fileId: string, applicant: typeof liNa = newPerson(), channel: Channel = 'scApp') {
  return {
    type: 'new',
    diseaseCode: 'M01600',
    channel: channel as string,
    insuredType: 'employee',
    applicant,
    hospital: { code: 'H51040200001', name: '攀枝花市中心医院', level: 3 },
    hasElectronicVoucher: true,
    materials: completeMaterials(fileId),
    signature: { name: applicant.name, signedAt: new Date().toISOString() },
  };
}
