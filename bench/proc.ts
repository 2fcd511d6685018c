import { readdirSync, readFileSync } from 'node:fs';

// What the operating system tells of a process: proc(5).

/** Says how much of the processors a process and those it started have taken so far, user and system, in microseconds. */
export function readCpu(pid: number): number {
  return sum(
    family(pid).map((member) => {
      const fields = afterName(readFileSync(`/proc/${member}/stat`, 'utf8'));
      // utime and stime of proc(5), in ticks of a hundredth of a second.
      return (Number(fields[11]) + Number(fields[12])) * 10_000;
    }),
  );
}

/** Says how much memory a process and those it started have had at most, in MiB. */
export function readPeakMemory(pid: number): number {
  return readStatus(pid, 'VmHWM');
}

/** Says how much memory a process and those it started have now, in MiB. */
export function readMemory(pid: number): number {
  return readStatus(pid, 'VmRSS');
}

/** Says how many files and sockets a process has open. */
export function countDescriptors(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

function readStatus(pid: number, field: string): number {
  const kibibytes = family(pid).map((member) => {
    const line = readFileSync(`/proc/${member}/status`, 'utf8')
      .split('\n')
      .find((text) => text.startsWith(`${field}:`));
    return Number.parseInt(line?.slice(field.length + 1) ?? '', 10);
  });
  return sum(kibibytes) / 1_024;
}

/** Finds a process and its children. */
function family(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
  return [pid, ...children];
}

/** Takes the fields of a line of /proc that come after the name, which may hold spaces. */
function afterName(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
