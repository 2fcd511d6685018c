/** The body of a 200 response with a usable token. */
export const active = {
  connection: { id: 'c', enabled: true },
  connector: { slug: 'slack' },
  authorization: { status: 'active', access_token: 'canary' },
};
/** Returns the text of this body with other fields in one of its parts. */
export const altered = (part: keyof typeof active, fields: object) =>
  JSON.stringify({ ...active, [part]: { ...active[part], ...fields } });
