import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { inRepository } from './harness/repository/compose.ts';

const COLUMNS = 120;

const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: inRepository(),
  encoding: 'utf8',
});
const files = listed.trim().split('\n');
const pages = files.filter((file) => file.endsWith('.md'));
/** A file's path as it stands in a sentence; without its layer where the table's row names that. */
const namedFile = /`((?:[\w.-]+\/)+[\w.-]+\.(?:ts|yaml|yml|md|json|sh))`/g;

/** A table's row can't be wrapped, nor can a link; a Chinese character takes two columns. */
const isWrapped = (line: string) =>
  /^\s*\|/.test(line) || /^\S*\[[^\]]*\]\S+$/.test(line.trim()) || columnsOf(line) <= COLUMNS;
const columnsOf = (line: string) => [...line].reduce((sum, character) => sum + (character > '\u2e7f' ? 2 : 1), 0);

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

  it.each(pages)('%s names files that are there', (page) => {
    const named = [...readFileSync(inRepository(page), 'utf8').matchAll(namedFile)].map(([, name]) => name as string);
    const isThere = (name: string) => files.some((file) => file === name || file.endsWith(`/${name}`));
    expect(named.filter((name) => !isThere(name))).toEqual([]);
  });
});
