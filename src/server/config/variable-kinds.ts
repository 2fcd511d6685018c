import * as z from 'zod';

/** A port number. */
export const port = text((value) =>
  /^\d{1,5}$/.test(value) && Number(value) <= 65_535 ? null : 'must be a port number from 0 to 65535',
).transform(Number);

/** An address of this machine. */
export const ownAddress = address((value) =>
  isHost(value) ? null : 'must be an address or a host name of this machine',
);

/** Creates a variable that is `on` or `off`. */
export function onOff(preset: 'on' | 'off') {
  return z
    .enum(['on', 'off'], 'must be on or off')
    .default(preset)
    .transform((value) => value === 'on');
}

/** Creates a text variable. `findProblem` returns the problem of a value, or null. */
export function text(findProblem: (value: string) => string | null) {
  return z.string().superRefine((value, context) => {
    const message = findProblem(value);
    if (message !== null) context.addIssue({ code: 'custom', message });
  });
}

/** Creates an address variable. `findProblem` returns the problem of a value, or null. */
export function address(findProblem: (value: string) => string | null) {
  // Only URLs put brackets around an IPv6 address. Sockets require it without them.
  return text(findProblem).transform((value) => value.replace(/^\[|\]$/g, ''));
}

/** Splits a list at its commas, which may have spaces around them. */
export function toList(commaSeparated: string): string[] {
  return commaSeparated.split(',').map((item) => item.replace(/^ +| +$/g, ''));
}

/** Creates a variable that is a whole number from `min` to `max`. */
export function count(max: number, min = 1) {
  return text((value) =>
    /^\d{1,7}$/.test(value) && Number(value) >= min && Number(value) <= max
      ? null
      : `must be a whole number from ${min} to ${max}`,
  ).transform(Number);
}

/** Returns whether a text is an origin as a browser sends it, without wildcard or path. */
export function isOrigin(origin: string): boolean {
  return URL.canParse(origin) && /^https?:$/.test(new URL(origin).protocol) && new URL(origin).origin === origin;
}

function isHost(host: string): boolean {
  return /^[\w.:[\]-]{1,253}$/.test(host);
}
