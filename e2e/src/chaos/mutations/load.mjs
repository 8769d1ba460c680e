// Loaded into every process of a run with a mutation, before its own code: `load.mjs?mutation=fence`.
import { register } from 'node:module';

const mutation = new URL(import.meta.url).searchParams.get('mutation');
register(new URL('hooks.mjs', import.meta.url), { data: { mutation } });
