import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Linux counts a process's time in hundredths of a second, whatever its kernel was built with. */
const MS_PER_TICK = 10;
/** The state of a listening socket, as /proc/net/tcp writes it. */
const LISTENS = '0A';

/**
 * Processor time, in ms, that a process and its children have taken so far, those that have ended included. A
 * PostgreSQL server's children are its backends.
 * @param pid undefined for a process that isn't known here
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
  /** The time of the process itself, and of its children that have ended and were waited for. */
  ticks: number;
}

function statOf(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in brackets, may contain anything. After it come the state, the parent, and from the twelfth field on
    // the times.
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    return { parent: fields[1] as number, ticks: fields.slice(11, 15).reduce((sum, ticks) => sum + ticks, 0) };
  } catch {
    return undefined; // the process has ended meanwhile
  }
}

/** The process that listens on a port of this machine; undefined where there is none, or we may not see it. */
export function listenerOn(port: number): number | undefined {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const sockets = ['tcp', 'tcp6']
    .flatMap((table) => read(`/proc/net/${table}`).split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => local?.endsWith(`:${hex}`) && state === LISTENS)
    .map((fields) => `socket:[${fields[9]}]`);
  // Of several that share the socket the lowest pid is their parent.
  return pids().find((pid) => openFiles(pid).some((file) => sockets.includes(file)));
}

function openFiles(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  return list(folder).flatMap((file) => {
    try {
      return [readlinkSync(`${folder}/${file}`)];
    } catch {
      return []; // the file was closed meanwhile
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

/** The names in a folder; none where we may not look into it, or where there is no /proc. */
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
