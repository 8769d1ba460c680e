import { register } from 'tsx/esm/api';

// Node 20 gives threads no loader by `--import`.
register();
await import('./thread.ts');
