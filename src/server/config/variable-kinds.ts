import * as z from 'zod';

/** A port number. */
export const port = text((value) =>
  /^\d{1,5}$/.test(value) && Number(value) <= 65_535 ? null : 'must be a port number from 0 to 65535',
).transform(Number);

/** An address of this machine. */
export const ownAddress = address((value) =>
  isHost(value) ? null : 'must be an address or a host name of this machine',
);

/** Makes a variable that switches something on or off. */
export function onOff(preset: 'on' | 'off') {
  return z
    .enum(['on', 'off'], 'must be on or off')
    .default(preset)
    .transform((value) => value === 'on');
}

/** Makes a variable of what says what is wrong with a text, or null. */
export function text(findProblem: (value: string) => string | null) {
  return z.string().superRefine((value, context) => {
    const message = findProblem(value);
    if (message !== null) context.addIssue({ code: 'custom', message });
  });
}

/** Makes a variable of an address, by what is wrong with one. */
export function address(findProblem: (value: string) => string | null) {
  // Brackets are for URLs; a socket wants the address without them.
  return text(findProblem).transform((value) => value.replace(/^\[|\]$/g, ''));
}

/** Takes a list apart. */
export function toList(commaSeparated: string): string[] {
  return commaSeparated.split(',').map((item) => item.trim());
}

/** Makes a variable that is a number of things. */
export function count(max: number, min = 1) {
  return text((value) =>
    /^\d{1,7}$/.test(value) && Number(value) >= min && Number(value) <= max
      ? null
      : `must be a whole number from ${min} to ${max}`,
  ).transform(Number);
}

/** Tells whether a text is an origin as a browser sends it: no wildcard, no path. */
export function isOrigin(origin: string): boolean {
  return URL.canParse(origin) && /^https?:$/.test(new URL(origin).protocol) && new URL(origin).origin === origin;
}

function isHost(host: string): boolean {
  return /^[\w.:[\]-]{1,253}$/.test(host);
}
