/**
 * Characters of a 短信 that is sent whole, and of each part of one that is split: there a header that joins the parts
 * takes the room of three.
 */
const ALONE = 70;
const SPLIT = 67;

/**
 * How long a 短信 is: its characters, and the parts in which it is sent and paid for. Characters are UCS-2 code units
 * (3GPP TS 23.038, 23.040), so one beyond the basic plane, as in the surname 𬱖, counts two, and isn't torn between two
 * parts. A text of only GSM-7 characters would have room for more, but no Chinese text is one.
 */
export function smsLength(text: string): { characters: number; parts: number } {
  const characters = text.length;
  if (characters <= ALONE) return { characters, parts: 1 };
  let [parts, filled] = [1, 0];
  for (const { length } of text) {
    const fits = filled + length <= SPLIT;
    parts += fits ? 0 : 1;
    filled = fits ? filled + length : length;
  }
  return { characters, parts };
}
