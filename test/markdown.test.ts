import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { inRepository } from './harness/repository/compose.ts';

const COLUMNS = 120;

const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: inRepository(),
  encoding: 'utf8',
});
const pages = listed.trim().split('\n');

/** A table's row can't be wrapped, nor can a link; a Chinese character takes two columns. */
const isWrapped = (line: string) =>
  /^\s*\|/.test(line) || /^\S*\[[^\]]*\]\S+$/.test(line.trim()) || columnsOf(line) <= COLUMNS;
const columnsOf = (line: string) => [...line].reduce((sum, one) => sum + (one > '\u2e7f' ? 2 : 1), 0);

describe('the pages', () => {
  it.each(pages)('%s has no line over 120 columns outside tables', (page) => {
    const lines = readFileSync(inRepository(page), 'utf8').split('\n');
    expect(lines.filter((line) => !isWrapped(line))).toEqual([]);
  });

  it.each(pages)('%s links to what exists', (page) => {
    const text = readFileSync(inRepository(page), 'utf8');
    const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target]) => target as string);
    const from = new URL(page, `file://${inRepository()}`);
    expect(targets.filter((target) => !existsSync(new URL(target, from)))).toEqual([]);
  });
});
