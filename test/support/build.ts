import { execFileSync } from 'node:child_process';

/** Builds `dist` once, before any test: processes are started from what is shipped. */
export default function setup(): void {
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
}
