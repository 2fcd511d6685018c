/**
 * Turns GraphiQL's row of tabs into a list of buttons, one of which is current.
 *
 * GraphiQL gives the role `tab` to elements that contain two buttons, but a screen reader does not announce the content
 * of a tab. React writes an attribute only when it changes, so an attribute that is removed here stays removed until
 * then.
 *
 * @param {Element} graphiql
 */
export function mendTabs(graphiql) {
  const mend = () => {
    for (const row of graphiql.querySelectorAll('[role=tablist]')) row.setAttribute('role', 'list');
    for (const tab of graphiql.querySelectorAll('[role=tab], .graphiql-tab[aria-selected]')) {
      tab.setAttribute('role', 'listitem');
      tab.firstElementChild?.setAttribute('aria-current', tab.getAttribute('aria-selected') ?? 'false');
      tab.removeAttribute('aria-selected');
    }
  };
  const changes = { childList: true, subtree: true, attributeFilter: ['role', 'aria-selected'] };
  new MutationObserver(mend).observe(graphiql, changes);
}
