/** An expression that the project does not use, and what to write instead. */
export interface Pattern {
  readonly pattern: RegExp;
  readonly advice: string;
}

/** Expressions that make a sentence hard to read, in documents, comments and messages. */
export const PATTERNS: readonly Pattern[] = [
  {
    pattern: /\b(?:who|whom|what|which)(?:so)?ever\b/i,
    advice: 'name the person or thing, or say "any" or "each"',
  },
  { pattern: /\b(?:some|any|every)body\b|\bnobody\b/i, advice: 'name the caller, operator or person, or say "no one"' },
  {
    pattern:
      /\b(?:there(?:of|in|upon|by)|here(?:by|in)|by now|of its own accord|for good|once and for all|nor do(?:es)?)\b/i,
    advice: 'use the modern phrase, or leave it out',
  },
  { pattern: /\bas (?:it|they) (?:is|are)\b(?! (?:\w+ed|written|shown|sent)\b)/i, advice: 'say "unchanged", or "now"' },
  {
    pattern: /\b(?:is|are|be|being|was|were) told\b|\btold of\b|\btells? of\b/i,
    advice: 'say what the program sends, logs or reports, and who receives it',
  },
  {
    pattern:
      /\b(?:has|have|let|lets|makes?) (?:something|what|those|them|it|all) (?!to\b)(?:go|goes|get|run|come|wait)\b/i,
    advice: 'say what runs: "Runs a callback …"',
  },
  { pattern: /\bgo(?:es)? on (?:together|at the)\b/i, advice: 'say "runs" or "continues"' },
  { pattern: /\bin the air\b/i, advice: 'say "in flight"' },
  {
    pattern: /\b(?:creates|makes|returns|has|gives|takes|knows|tells) (?:what|who)\b/i,
    advice: 'name the thing: "Creates the observer"',
  },
  {
    pattern: /(?:^|[.!:] )(?:What|Who|Whose)(?! (?:is|are|was|does|do|did|can|should|to)\b)[^.?:|]+[a-z)`]\.(?= |$)/,
    advice: 'use a noun as the subject: "A failed item is null"',
  },
  {
    pattern: /\b(?:that|those|for|to|by|of|and|or|if) who\b(?! (?:is|are)\b)/i,
    advice: 'name the person: "the caller that …"',
  },
  { pattern: /\bthose (?:that|which|who)\b/i, advice: 'repeat the noun' },
  { pattern: /\bput(?:s|ting)? (?:it |them |this )?right\b|\bmend(?:s|ed)?\b/i, advice: 'say "fix"' },
  { pattern: /\b(?:held|hold|holds|holding) (?:\w+ )?back\b/i, advice: 'say "withheld"' },
  {
    pattern: /\bgiv(?:e|es|ing) (?:\w+ ){0,3}out\b|\bgiven out\b|\bgave (?:\w+ ){0,3}out\b/i,
    advice: 'say "return" for a token and "hand over" for a key',
  },
  { pattern: /\btakes?n? for (?:down|taken|dead|lost|gone)\b/i, advice: 'say "is considered down"' },
  {
    pattern: /\bask(?:s|ed|ing)? (?:\w+ )?(?:again|anew)\b/i,
    advice: 'say "retry", "probe" or "send the query again"',
  },
  { pattern: /\banew\b/i, advice: 'say "again"' },
  {
    pattern: /\b(?:of|with|in|by|on|for|at|to|from) (?:\w+ ){1,4}alone\b/i,
    advice: 'say "only" before the noun',
  },
  { pattern: /\bby trying\b|\bso much chance\b/i, advice: 'say "brute force" or "random"' },
  { pattern: /\bcannot work:/i, advice: 'say "Invalid …:"' },
  { pattern: /\bthe former\b/i, advice: 'say "the previous"' },
  {
    pattern: /\b(?:\w+|\d) at (?:least|most)(?=[,.;:)]| and\b|$)/i,
    advice: 'put "at least" or "at most" before the number',
  },
  { pattern: /(?:^|[.:] |, )Say [`'"x]/, advice: 'say "With …," or "Use …"' },
  { pattern: /\bto be (?:seen|read|had|found|told)\b/i, advice: 'use the active voice: "you can read"' },
  { pattern: /(?<!\bthere )\bis no (?!longer|such|way|more|less)\w+/i, advice: 'say "is not a …"' },
  { pattern: /\bwhat (?:came|comes|becomes|became) of\b/i, advice: 'say "the outcome"' },
  { pattern: /\bwhat (?:there is|is there|was there|others? (?:is|are))\b/i, advice: 'name the thing' },
  { pattern: /\btakes? (?:\w+ )?away\b|\bleaves? (?:\w+ )?away\b/i, advice: 'say "remove" or "omit"' },
  {
    pattern:
      /\b\w*(?:behaviour|colour|honour|favour|licences?|recognis|organis|initialis|normalis|serialis|authoris|analys(?:e|ing)|cancelled|cancelling)\w*/i,
    advice: 'use American spelling',
  },
];

/** A name of a test is a sentence without its subject: "refuses …", "returns …", "does not …". */
export const TEST_NAME = /^(?:(?:is|has|does|[a-z-]+s|never|still|only)\b|[a-z-]+s[ ,]|\$|%|[A-Z(`'"<{/])/;
