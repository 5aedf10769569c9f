import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Linux counts a process's time in hundredths of a second, whatever its kernel was built with. */
const MS_PER_TICK = 10;
/** As /proc/net/tcp writes it. */
const LISTENS = '0A';

/**
 * Processor time that a process and the children that it waits for or still has took so far, in ms: a PostgreSQL server's are its backends.
 * @param pid undefined for one that isn't known here
 */
export function cpuOf(pid: number | undefined): number | undefined {
  if (pid === undefined) return undefined;
  const own = statOf(pid);
  if (!own) return undefined;
  const children = pids()
    .flatMap((other) => statOf(other) ?? [])
    .filter(({ parent }) => parent === pid);
  return [own, ...children].reduce((sum, { ticks }) => sum + ticks * MS_PER_TICK, 0);
}

interface Stat {
  parent: number;
  /** Of itself and of the children that ended and were waited for. */
  ticks: number;
}

function statOf(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in brackets, may contain anything; after it come state, parent, and from the twelfth on the times.
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    return { parent: fields[1] as number, ticks: fields.slice(11, 15).reduce((sum, ticks) => sum + ticks, 0) };
  } catch {
    return undefined; // it has ended meanwhile
  }
}

/** Who listens on a port of this machine; undefined where nobody does, or it isn't ours to see. */
export function listenerOn(port: number): number | undefined {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const sockets = ['tcp', 'tcp6']
    .flatMap((table) => read(`/proc/net/${table}`).split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => local?.endsWith(`:${hex}`) && state === LISTENS)
    .map((fields) => `socket:[${fields[9]}]`);
  // The parent of those that share it was there first.
  return pids().find((pid) => openFiles(pid).some((file) => sockets.includes(file)));
}

function openFiles(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  return list(folder).flatMap((file) => {
    try {
      return [readlinkSync(`${folder}/${file}`)];
    } catch {
      return []; // closed meanwhile
    }
  });
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Nothing where it isn't ours to see, or where there is no /proc. */
function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

const pids = () =>
  list('/proc')
    .map(Number)
    .filter(Number.isInteger)
    .sort((a, b) => a - b);
