/**
 * What each mutation takes out of the built programs: in which module, which text, and what stands there instead.
 *
 * - `fence`: the nodes take writes of any term.
 * - `journal`: each term has a journal of its own, which knows nothing of the last one, and is taken for the shared one.
 * - `pin`: a call about a running query goes to where new ones go, not to the colour that has the query.
 */
export const MUTATIONS = {
  fence: [
    {
      module: 'apps/cluster-sim/dist/store/node-store.js',
      find: 'return highest === value;',
      replace: 'return true;',
    },
  ],
  journal: [
    {
      module: 'apps/job-cli/dist/worker/open-term-connector.js',
      find: 'const file = await openSqliteJournal(settings.journal, { logger });',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it becomes code.
      replace: 'const file = await openSqliteJournal(`${settings.journal}-${term}`, { logger });',
    },
    {
      module: 'apps/job-cli/dist/worker/term.js',
      find: 'host.checkJournal(opened.connector.journalId);',
      replace: '',
    },
  ],
  pin: [
    {
      module: 'packages/strategy-client/dist/recovery/recovery.js',
      find: 'let place = pinned ?? this.#trial(run)',
      replace: 'let place = this.#trial(run)',
    },
  ],
};
