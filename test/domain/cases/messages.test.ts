import { describe, expect, it } from '@jest/globals';
import type { Material } from '../../../domain/cases/materials.ts';
import { type MessageName, type Messages, malformedFields, messageNames } from '../../../domain/cases/messages.ts';

const file: Material = { kind: 'photo', fileIds: ['f1'] };
const item = { kind: 'photo', problem: '看不清' } as const;

/** Each message with everything that it may say. */
const full: { [Name in MessageName]: Messages[Name] } = {
  approve: { by: 'r1', validFrom: '2026-12-01', validUntil: '2027-11-30', note: '材料齐全' },
  reject: { by: 'r1', reason: '诊断不符', grounds: ['diseaseMismatch', 'other'] },
  requestMaterials: {
    by: 's1',
    items: [item, { kind: 'medicalRecord', problem: '缺盖章' }],
    note: '尽快',
    replaces: 1,
    belatedReason: '首次审核时没有发现',
    authority: 'supervisor',
  },
  requestVerification: { by: 'r1', note: '带原件' },
  recordVerification: { by: 'c1', passed: true, note: '与原件一致', ticketTakenAt: '2026-11-23T08:59:00.000Z' },
  resubmit: {
    by: 'c1',
    materials: [{ kind: 'photo', fileIds: ['f1', 'f2'], issuedOn: '2026-11-01' }],
    form: 'v1',
    answers: 2,
    documentSeen: { document: 'residentIdCard', of: 'applicant' },
    ticketTakenAt: '2026-11-23T08:59:00.000Z',
  },
  appeal: { by: 'a1', reason: '诊断有误', materials: [file], ticketTakenAt: '2026-11-23T08:59:00.000Z' },
  withdraw: { by: 'c1', reason: '不办了', documentSeen: { document: 'householdRegister', of: 'agent' } },
  assign: { by: 's1', to: 'r2', authority: 'supervisor' },
  releaseClaims: { by: 's1', reason: '他人冒名提交', authority: 'supervisor' },
  calendarChanged: { version: 2 },
};
/** Each message with no more than it must say. */
const short: { [Name in MessageName]: Messages[Name] } = {
  approve: { by: 'r1' },
  reject: { by: 'r1', reason: '诊断不符' },
  requestMaterials: { by: 'r1', items: [item] },
  requestVerification: { by: 'r1' },
  recordVerification: { by: 'c1', passed: false },
  resubmit: { by: 'a1', materials: [{ kind: 'photo', fileIds: ['f1'] }] },
  appeal: { by: 'a1', reason: '诊断有误' },
  withdraw: { by: 'a1' },
  assign: { by: 's1', to: 'r2' },
  releaseClaims: { by: 's1', reason: '他人冒名提交' },
  calendarChanged: { version: 1 },
};
const required: Record<MessageName, string[]> = {
  approve: ['by'],
  reject: ['by', 'reason'],
  requestMaterials: ['by', 'items'],
  requestVerification: ['by'],
  recordVerification: ['by', 'passed'],
  resubmit: ['by', 'materials'],
  appeal: ['by', 'reason'],
  withdraw: ['by'],
  assign: ['by', 'to'],
  releaseClaims: ['by', 'reason'],
  calendarChanged: ['version'],
};

it('messageNames are all the messages', () => {
  expect([...messageNames].sort()).toEqual(Object.keys(full).sort());
});

describe.each(messageNames)('%s', (name) => {
  it('is taken with everything, and with no more than it must say', () => {
    expect(malformedFields(name, full[name])).toEqual([]);
    expect(malformedFields(name, short[name])).toEqual([]);
  });

  it('names what it must say and does not', () => {
    expect(malformedFields(name, {})).toEqual(required[name]);
  });

  it.each([[undefined], [null], ['text'], [7]])('names what it must say when the payload is %p', (payload) => {
    expect(malformedFields(name, payload)).toEqual(expect.arrayContaining(required[name]));
  });
});

it('a resubmission may leave the materials as they are where it corrects the form', () => {
  expect(malformedFields('resubmit', { by: 'a1', materials: [], form: 'v1' })).toEqual([]);
  expect(malformedFields('resubmit', { by: 'a1', materials: [] })).toEqual(['materials']);
  expect(malformedFields('resubmit', { by: 'a1', form: 'v1' })).toEqual(['materials']);
});

describe('a malformed field is named', () => {
  it.each<[MessageName, string, unknown]>([
    ['approve', 'by', ''],
    ['recordVerification', 'passed', 'yes'],
    ['recordVerification', 'ticketTakenAt', '16:59'],
    ['appeal', 'reason', ' '],
    ['assign', 'authority', 'director'],
    ['approve', 'by', '  '],
    ['approve', 'by', 7],
    ['approve', 'by', null],
    ['approve', 'validFrom', '2026-02-30'],
    ['approve', 'validFrom', '明天'],
    ['approve', 'validUntil', '2026-1-1'],
    ['approve', 'validUntil', null],
    ['approve', 'note', 7],
    ['approve', 'note', ' '],
    ['reject', 'reason', ''],
    ['reject', 'reason', ' \n'],
    ['reject', 'reason', ['诊断不符']],
    ['reject', 'grounds', []],
    ['reject', 'grounds', ['']],
    ['requestMaterials', 'belatedReason', ' '],
    ['requestMaterials', 'authority', 'reviewer'],
    ['resubmit', 'form', ''],
    ['requestMaterials', 'items', []],
    ['requestMaterials', 'items', item],
    ['requestMaterials', 'items', [item, { ...item, kind: 'xray' }]],
    ['requestMaterials', 'items', [{ kind: 'photo' }]],
    ['requestMaterials', 'items', [{ ...item, problem: '' }]],
    ['requestMaterials', 'items', [null]],
    ['requestMaterials', 'items', ['photo']],
    ['requestMaterials', 'note', {}],
    ['resubmit', 'materials', 'photo'],
    ['resubmit', 'materials', [file, { ...file, fileIds: [] }]],
    ['resubmit', 'materials', [{ ...file, fileIds: [''] }]],
    ['resubmit', 'materials', [{ ...file, fileIds: 'f1' }]],
    ['resubmit', 'materials', [{ ...file, kind: 'toString' }]],
    ['resubmit', 'materials', [{ ...file, issuedOn: '2026-13-01' }]],
    ['requestMaterials', 'replaces', -1],
    ['requestMaterials', 'replaces', '1'],
    ['resubmit', 'answers', 1.5],
    ['appeal', 'materials', []],
    ['appeal', 'materials', [{ ...file, fileIds: [] }]],
    ['withdraw', 'reason', 7],
    ['assign', 'to', ''],
    ['assign', 'to', undefined],
    ['calendarChanged', 'version', '2'],
    ['calendarChanged', 'version', 1.5],
    ['calendarChanged', 'version', Number.NaN],
  ])('%s, %s: %j', (name, field, value) => {
    expect(malformedFields(name, { ...full[name], [field]: value })).toEqual([field]);
  });

  it('together with the others', () => {
    expect(malformedFields('approve', { by: 1, validFrom: 2, validUntil: 3, note: 4 })).toEqual([
      'by',
      'validFrom',
      'validUntil',
      'note',
    ]);
  });
});

describe('a kind of material that the guide has not', () => {
  const payload = { by: 'r1', items: [{ kind: 'pathologyReport', problem: '缺盖章' }] };
  const resubmitted = { by: 'a1', materials: [{ kind: 'pathologyReport', fileIds: ['f1'] }] };

  it("is taken where the case's policy adds it, and nowhere else", () => {
    expect(malformedFields('requestMaterials', payload)).toEqual(['items']);
    expect(malformedFields('requestMaterials', payload, ['pathologyReport'])).toEqual([]);
    expect(malformedFields('resubmit', resubmitted, ['pathologyReport'])).toEqual([]);
    expect(malformedFields('resubmit', resubmitted, ['residencePermit'])).toEqual(['materials']);
  });
});
