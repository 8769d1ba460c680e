import type { Journal } from '../../src/journal/journal.js';
import { createMemoryJournal } from '../../src/journal/memory/index.js';
import { journalConformance } from './conformance.js';

journalConformance('memory', async () => {
  const shared = createMemoryJournal();
  return {
    async process() {
      const owners: number[] = [];
      const journal: Journal = {
        async join(o) {
          const session = await shared.join(o);
          owners.push(session.owner.id);
          return session;
        },
        close: () => shared.close(),
      };
      return {
        journal,
        async die() {
          for (const owner of owners) shared.kill(owner);
        },
      };
    },
    dispose: () => shared.close(),
  };
});
