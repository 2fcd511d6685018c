/**
 * Makes of GraphiQL's row of tabs a list of buttons, of which one is current.
 *
 * GraphiQL calls each a tab that has two buttons inside, and what is inside of a tab nobody hears of who listens to a
 * page. React writes an attribute only when it changes, so what is taken away here stays away until then.
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
