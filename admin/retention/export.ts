import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../domain/dates.ts';
import { extensions } from '../../domain/files/types.ts';
import { withGroundNames } from '../../policy/texts.ts';
import { type Policies, policyInForce } from '../../policy/versions.ts';
import { FileError } from '../../policy/yaml.ts';
import { ContentLost, readContent } from '../../store/files/content.ts';
import type { Store } from '../../store/open.ts';
import { exportPerson } from '../../store/retention/export.ts';
import { titles } from './titles.ts';

interface Exporting {
  store: Store;
  policies: Policies;
  now: Clock;
}

/**
 * Writes everything that is held about a person into a new folder that only its owner can read: `data.json`, and the
 * files as they were uploaded.
 * @returns what there is, in words
 * @throws FileError where the folder is there already
 */
export async function writeExport(keeping: Exporting, idNumber: string, folder: string): Promise<string> {
  makeFolder(folder);
  const { store } = keeping;
  const { held, files } = await exportPerson(store, idNumber);
  const missing: string[] = [];
  const paths: Record<string, string> = {};
  for (const row of files) {
    const path = `files/${row.id}.${extensions[row.contentType] ?? 'bin'}`;
    const content = await readContent(store, row).catch((error: unknown) => {
      // Lost with the disk, and said so; the rest is the person's all the same.
      if (!(error instanceof ContentLost)) throw error;
    });
    if (!content) missing.push(row.id);
    else writeFileSync(join(folder, path), content, { mode: 0o600 });
    if (content) paths[row.id] = path;
  }
  const named = { ...held, cases: held.cases.map((one) => withNames(keeping, one)) };
  const data = { exportedAt: keeping.now(), titles, paths, missing, ...named };
  writeFileSync(join(folder, 'data.json'), `${JSON.stringify(data, null, 2)}\n`, { mode: 0o600 });
  const { cases, accreditations, asAgent } = held;
  const lost = missing.length > 0 ? `;另有 ${missing.length} 个文件的内容已丢失` : '';
  return (
    `已导出到 ${folder}:申请 ${cases.length} 件、认定 ${accreditations.length} 项、作为代办人 ${asAgent.length} 件、` +
    `文件 ${files.length - missing.length} 个${lost}。交付后请删除该文件夹。`
  );
}

type ExportedCase = Awaited<ReturnType<typeof exportPerson>>['held']['cases'][number];

/** With names beside the codes of grounds, which tell a person nothing. */
function withNames(keeping: Exporting, one: ExportedCase): ExportedCase {
  const policies = [policyInForce(keeping), keeping.policies.of(one.policyVersion)];
  const timeline = one.timeline.map((entry) => ({ ...entry, detail: withGroundNames(policies, entry.detail) }));
  return { ...one, timeline };
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
    mkdirSync(join(folder, 'files'), { mode: 0o700 });
  } catch (cause) {
    throw new FileError(`${folder}: 文件夹已存在或无法建立`, { cause });
  }
}
