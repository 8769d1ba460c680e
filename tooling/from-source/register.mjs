import { register } from 'node:module';

// Lets a process run TypeScript sources, `--import`ed before its program.
register('./hooks.mjs', import.meta.url);
