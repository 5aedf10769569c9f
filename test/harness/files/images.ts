import { crc32 } from 'node:zlib';

const isPng = (content: Buffer) => content.subarray(1, 4).toString() === 'PNG';

/** The same image, which now claims to be of another size. */
export function claiming(content: Buffer, width: number, height: number): Buffer {
  const changed = Buffer.from(content);
  if (isPng(content)) {
    changed.writeUInt32BE(width, 16);
    changed.writeUInt32BE(height, 20);
    changed.writeUInt32BE(crc32(changed.subarray(12, 29)), 29);
    return changed;
  }
  const frame = content.indexOf(Buffer.from([0xff, 0xc0]));
  changed.writeUInt16BE(height, frame + 5);
  changed.writeUInt16BE(width, frame + 7);
  return changed;
}

/** The image without its end: of a PNG the last chunk, of others the last bytes of its pixels. */
export function withoutEnd(content: Buffer): Buffer {
  return content.subarray(0, content.length - (isPng(content) ? 12 : 40));
}
