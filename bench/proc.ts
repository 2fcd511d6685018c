import { readdirSync, readFileSync } from 'node:fs';

// These functions read proc(5).

/** Returns the CPU time of a process and its children so far, user and system, in microseconds. */
export function readCpu(pid: number): number {
  return sum(
    family(pid).map((member) => {
      const fields = afterName(readFileSync(`/proc/${member}/stat`, 'utf8'));
      // utime and stime, in ticks of 10 ms.
      return (Number(fields[11]) + Number(fields[12])) * 10_000;
    }),
  );
}

/** Returns the peak memory of a process and its children, in MiB. */
export function readPeakMemory(pid: number): number {
  return readStatus(pid, 'VmHWM');
}

/** Returns the current memory of a process and its children, in MiB. */
export function readMemory(pid: number): number {
  return readStatus(pid, 'VmRSS');
}

/** Returns the number of open file descriptors of a process. */
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

/** Returns a process and its direct children. */
function family(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
  return [pid, ...children];
}

/** Returns the fields after the process name, which may hold spaces. */
function afterName(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
