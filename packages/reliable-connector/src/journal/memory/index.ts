export { createMemoryJournal, type MemoryJournal, type MemoryJournalOptions } from './memory-journal.js';
