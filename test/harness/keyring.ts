import { createKeyring } from '../../store/encryption/keyring.ts';

const dataKey = Buffer.alloc(32, 7).toString('base64');

export const testKeyring = createKeyring([`k1:${dataKey}`], Buffer.alloc(32, 9).toString('base64'));
