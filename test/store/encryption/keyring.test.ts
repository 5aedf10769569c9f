import { describe, expect, it } from '@jest/globals';
import { createKeyring } from '../../../store/encryption/keyring.ts';
import { dataKey, hashKey } from '../../harness/database/store.ts';

const plain = Buffer.from('李娜 510402198803152122');
const [k1, k2] = [dataKey('k1', 1), dataKey('k2', 2)];

describe('a keyring', () => {
  it('reads what it wrote, and never writes the same twice', () => {
    const ring = createKeyring([k1], hashKey);
    const [first, second] = [ring.encrypt(plain, 'case'), ring.encrypt(plain, 'case')];
    expect(ring.decrypt(first, 'case')).toEqual(plain);
    expect(first.equals(second)).toBe(false);
    expect(first.includes(plain)).toBe(false);
  });

  it('writes with its first key and reads with all, so that keys can be rotated', () => {
    const [before, between, after] = [[k1], [k2, k1], [k2]].map((keys) => createKeyring(keys, hashKey));
    const old = before?.encrypt(plain, 'case') as Buffer;
    const young = between?.encrypt(plain, 'case') as Buffer;
    expect(between?.decrypt(old, 'case')).toEqual(plain);
    expect(after?.decrypt(young, 'case')).toEqual(plain);
    expect(() => after?.decrypt(old, 'case')).toThrow('DATA_KEYS holds no key k1');
  });

  it('reads nothing under another context, nothing that was changed, and nothing without the right key', () => {
    const ring = createKeyring([k1], hashKey);
    const sealed = ring.encrypt(plain, 'case');
    expect(() => ring.decrypt(sealed, 'another case')).toThrow();
    for (const position of [3, 20, sealed.length - 1]) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(position) ^ 1, position);
      expect(() => ring.decrypt(changed, 'case')).toThrow();
    }
    expect(() => createKeyring([dataKey('k1', 3)], hashKey).decrypt(sealed, 'case')).toThrow();
    expect(() => ring.decrypt(sealed.subarray(0, 10), 'case')).toThrow();
  });

  it('hashes the same text the same, and differently under another key', () => {
    const ring = createKeyring([k1], hashKey);
    expect(ring.hash('13800138001')).toBe(createKeyring([k2], hashKey).hash('13800138001'));
    expect(ring.hash('13800138001')).not.toBe(
      createKeyring([k1], Buffer.alloc(32, 8).toString('base64')).hash('13800138001'),
    );
  });
});
