import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';

const folder = new URL('../../histories/', import.meta.url);
const EXTENSION = '.json.gz';
const fileOf = (name: string) => new URL(name + EXTENSION, folder);

/** Names of the recorded histories. */
export function recordedHistories(): string[] {
  return readdirSync(folder).flatMap((file) => (file.endsWith(EXTENSION) ? file.slice(0, -EXTENSION.length) : []));
}

export const isRecorded = (name: string) => existsSync(fileOf(name));

/** A history as Temporal tells it, its enumerations and payloads as text. */
export function readHistory(name: string) {
  return JSON.parse(gunzipSync(readFileSync(fileOf(name))).toString());
}

/** Who recorded it on which machine is nobody's business and changes nothing. */
export function writeHistory(name: string, history: object): void {
  const anonymous = JSON.stringify(history).replaceAll(/"identity":"[^"]*"/g, '"identity":"recorder"');
  writeFileSync(fileOf(name), gzipSync(anonymous, { level: 9 }));
}
