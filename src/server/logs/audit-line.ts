import type { AuditEvent } from '../../access/audit.js';

/** Whatever JSON, a terminal or the end of a line takes for more than itself, and all that is not ASCII. */
const NOT_PLAIN = /[^ !#-[\]-~]/;
const NOT_ASCII = /[\u007f-\uffff]/g;

/** What the events of one operation have in common, and how it is written. */
interface Common extends Pick<AuditEvent, 'requestId' | 'caller' | 'callerKind' | 'operationName' | 'documentHash'> {
  readonly isPlain: boolean;
  /** What stands before the kind of the owner. */
  readonly begin: string;
  /** What stands between the connector and the token. */
  readonly middle: string;
}

/** Creates what writes events in ASCII, so that no id of somebody else's can act on a terminal or look like another line. */
export function createToLine(): (event: AuditEvent) => string {
  // Of the event before: most operations give out more than one token.
  let common: Common | null = null;
  return (event) => {
    if (!common || !isOfSameOperation(common, event)) common = toCommon(event);
    const { time, outcome, ownerKind, ownerHash, connectorSlug, tokenFingerprint, code, missingScope } = event;
    // What most events hold needs no escape: they are put together here, which takes an eighth of the time.
    if (!common.isPlain || !isPlain(ownerHash) || !isPlain(connectorSlug) || !isPlain(tokenFingerprint)) {
      return toEscapedLine(event);
    }
    return (
      `{"event":"audit","time":"${time}","outcome":"${outcome}${common.begin}${ownerKind}",` +
      `"ownerHash":"${ownerHash}","connectorSlug":"${connectorSlug}${common.middle}${quote(tokenFingerprint)},` +
      `"code":${quote(code)},"missingScope":${quote(missingScope)}}\n`
    );
  };
}

function isOfSameOperation(a: Common, b: AuditEvent): boolean {
  return (
    a.requestId === b.requestId &&
    a.caller === b.caller &&
    a.callerKind === b.callerKind &&
    a.operationName === b.operationName &&
    a.documentHash === b.documentHash
  );
}

function toCommon({ requestId, caller, callerKind, operationName, documentHash }: AuditEvent): Common {
  return {
    requestId,
    caller,
    callerKind,
    operationName,
    documentHash,
    isPlain: [requestId, caller, operationName, documentHash].every(isPlain),
    begin: `","requestId":"${requestId}","caller":${quote(caller)},"callerKind":${quote(callerKind)},"ownerKind":"`,
    middle: `","operationName":${quote(operationName)},"documentHash":"${documentHash}","tokenFingerprint":`,
  };
}

function isPlain(text: string | null): boolean {
  return text === null || !NOT_PLAIN.test(text);
}

function quote(text: string | null): string {
  return text === null ? 'null' : `"${text}"`;
}

function toEscapedLine(event: AuditEvent): string {
  const json = `{"event":"audit",${JSON.stringify(event).slice(1)}\n`;
  return json.replace(NOT_ASCII, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
