import { createKeyring } from '../../../store/encryption/keyring.ts';
import { rotateRows } from '../../../store/encryption/rotation.ts';
import { openStore } from '../../../store/open.ts';

/**
 * Rotates keys in small batches, and tells its parent of each, so that it can be killed among them. Its arguments are
 * the database, the keys and the key of the hashes.
 */
const [url = '', dataKeys = '', hashKey = ''] = process.argv.slice(2);
const estimate = () => {
  throw new Error('No calendar is needed here');
};
const keyring = createKeyring(dataKeys.split(','), hashKey);
const store = openStore({ url, keyring, filesDir: '', estimate, onError: () => undefined });
await rotateRows(store, { batch: 3, onBatch: () => process.send?.('batch') });
await store.close();
process.disconnect?.();
