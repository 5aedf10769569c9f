import { pdfFaults } from './pdf-faults.ts';

/** Reads PDFs for the api, one after the other, in a process that may be killed. It ends when the api does. */
process.on('message', async (content: Uint8Array) => {
  process.send?.(await pdfFaults(content));
});
process.send?.('ready');
