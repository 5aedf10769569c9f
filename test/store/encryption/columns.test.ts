import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { is } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import { encryptedColumns, type Place, useKeyring } from '../../../store/encryption/columns.ts';
import { createKeyring } from '../../../store/encryption/keyring.ts';
import { staff } from '../../../store/staff/tables.ts';
import { dataKey, hashKey } from '../../harness/database/store.ts';
import { testKeyring } from '../../harness/keyring.ts';
import { clearColumns } from './clear-columns.ts';

const folder = fileURLToPath(new URL('../../../store', import.meta.url));
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('tables.ts'));
const modules = await Promise.all(files.map((name) => import(join(folder, name))));
const tables = modules.flatMap((exported) => Object.values(exported).filter((value) => is(value, PgTable)));
const columns = tables.flatMap((table) => {
  const { name: of, columns } = getTableConfig(table as PgTable);
  return columns.map(({ name }): Place => `${of}.${name}`);
});
const clear = Object.entries(clearColumns).flatMap(([table, reasons]) =>
  Object.keys(reasons).map((column) => `${table}.${column}`),
);

describe('every column of every table', () => {
  it('is encrypted, or has a reason why not (clear-columns.ts)', () => {
    expect(columns.length).toBeGreaterThan(150);
    expect(columns.filter((place) => !encryptedColumns.has(place) && !clear.includes(place))).toEqual([]);
  });

  it('has one of the two, and is there: nothing is listed that was renamed or is encrypted by now', () => {
    expect(clear.filter((place) => !columns.includes(place as Place) || encryptedColumns.has(place as Place))).toEqual(
      [],
    );
    expect([...encryptedColumns.keys()].filter((place) => !columns.includes(place))).toEqual([]);
  });
});

describe('an encrypted column', () => {
  const write = (value: unknown) => staff.email.mapToDriverValue(value) as string;

  it('reads what it wrote, which says no more than the key', () => {
    useKeyring(testKeyring);
    const ciphertext = write('li@pzh-ybj.example');
    expect(ciphertext).toMatch(/^k1:[\w+/]+=*$/);
    expect(write('li@pzh-ybj.example')).not.toBe(ciphertext);
    expect(staff.email.mapFromDriverValue(ciphertext)).toBe('li@pzh-ybj.example');
    expect(write(null)).toBeNull();
  });

  it("reads nothing from another column, and nothing without the key that it can't name", () => {
    useKeyring(testKeyring);
    const ciphertext = write('li@pzh-ybj.example');
    expect(() => staff.phone.mapFromDriverValue(ciphertext)).toThrow();
    useKeyring(createKeyring([dataKey('k2', 8)], hashKey));
    expect(() => staff.email.mapFromDriverValue(ciphertext)).toThrow('DATA_KEYS holds no key k1');
  });
});
