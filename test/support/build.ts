import { execFileSync } from 'node:child_process';

/** Builds `dist` once before all tests, because the tests start processes from the build. */
export default function setup(): void {
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
}
