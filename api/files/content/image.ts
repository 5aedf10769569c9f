import sharp from 'sharp';

/** What is wrong with an image. */
export type ImageFault = 'damaged' | 'tooManyPixels';

/** Much longer than the largest image takes. */
const DECODE_SECONDS = 10;
/** With it, and nothing before it, a PNG is whole; its pixels may be there without it. */
const pngEnd = Buffer.from('0000000049454e44ae426082', 'hex');

// Whatever a file claims to be, nothing but these decoders sees it.
sharp.block({ operation: ['VipsForeignLoad'] });
const decoders = ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadWebpBuffer'];
sharp.unblock({ operation: decoders });
// No upload is read twice; and as many are decoded at once as take turns.
sharp.cache(false);
sharp.concurrency(1);

/**
 * Decodes an image to its last pixel, on a thread of libvips' own and in strips, so that a larger one takes neither the
 * event loop nor more memory. What is interlaced or progressive is held as a whole: its pixels bound that.
 * @param content of a JPEG, a PNG or a WebP; of one that moves, every picture is decoded
 * @returns what is wrong; nothing where it is complete
 */
export async function imageFaults(
  content: Buffer,
  contentType: string,
  maximumMegapixels: number,
): Promise<ImageFault[]> {
  if (contentType === 'image/png' && !content.includes(pngEnd)) return ['damaged'];
  const animated = contentType === 'image/webp';
  const options = {
    limitInputPixels: maximumMegapixels * 1e6,
    failOn: 'truncated',
    sequentialRead: true,
    animated,
  } as const;
  const image = sharp(content, options).timeout({ seconds: DECODE_SECONDS });
  try {
    await image.resize(1, 1, { fit: 'fill' }).raw().toBuffer();
    return [];
  } catch (error) {
    return [/pixel limit/.test((error as Error).message) ? 'tooManyPixels' : 'damaged'];
  }
}
