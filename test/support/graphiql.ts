import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** GraphiQL as a person sees it. */
export interface GraphiqlPage {
  readonly page: Page;
  /** Waits until the last response shows a text. */
  shows(text: string): Promise<void>;
  /** The line about repair links and the caller. */
  readonly note: Locator;
  tab(name: string): Locator;
  /** The focusable element around the editor. Enter moves the focus into the editor. */
  readonly editor: Locator;
  readonly runButton: Locator;
  /** Runs the query of a tab, by default of the open one. */
  run(tab?: string): Promise<void>;
  /** Replaces the text of an editor. */
  write(editor: 'Variables' | 'Headers', text: string): Promise<void>;
}

/** Opens GraphiQL, and waits until a person can use it. */
export async function openGraphiql(page: Page, url: string): Promise<GraphiqlPage> {
  await page.goto(url);
  const query = page.getByRole('region', { name: 'Operation Editor' });
  await query.getByText('query', { exact: true }).waitFor();
  const answer = page.getByRole('region', { name: 'Result Window' });
  const readAnswer = async () =>
    (await answer.locator('.view-line').allTextContents()).join('\n').replaceAll('\u{a0}', ' ');
  const runButton = page.getByRole('button', { name: 'Execute query' });
  const tab = (name: string) => page.getByRole('button', { name, exact: true });
  return {
    page,
    shows: (text) => expect.poll(readAnswer, { timeout: 5_000 }).toContain(text),
    note: page.getByRole('status').first(),
    tab,
    editor: query.locator('.graphiql-editor'),
    runButton,
    run: async (name) => {
      if (name !== undefined) await tab(name).click();
      const answered = page.waitForResponse((response) => response.request().method() === 'POST');
      await runButton.click();
      await answered;
    },
    write: async (editor, text) => {
      await page.getByRole('button', { name: editor, exact: true }).click();
      await page.getByRole('region', { name: editor }).locator('.monaco-editor:visible').click();
      await page.keyboard.press('Control+A');
      await page.keyboard.press('Delete');
      await page.keyboard.insertText(text);
    },
  };
}
