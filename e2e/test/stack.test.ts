import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFailed, onTestFinished, test } from 'vitest';
import { AppProcess } from '../src/app-process.js';
import { BUILT, buildIfStale } from '../src/built.js';
import { BACKENDS, type Backend, redisServer } from '../src/coordination/backends.js';
import { now, pause } from '../src/coordination/now.js';
import { DevStack } from '../src/dev-stack.js';
import { reportLine } from '../src/report-line.js';
import { leavesNothingBehind, tempFolder } from '../src/resources.js';
import { WantedLoad } from '../src/wanted-load.js';

leavesNothingBehind();
beforeAll(buildIfStale, 240_000);

const LEASE_MS = 2_000;
const NODES = ['node01', 'node02', 'node03'];
/** Ms between two looks at what sends no event. */
const LOOK_EVERY_MS = 50;

/** The whole stack, with nodes that fail one call in ten. */
async function startStack(backend: Backend): Promise<DevStack> {
  const redis = backend === 'redis' ? await redisServer({ appendonly: true }) : null;
  const env = {
    RANDOM_BEHAVIOR: '0.1',
    HOLDFAST_LEASE_MS: String(LEASE_MS),
    HOLDFAST_ADMIN_TOKEN: 'token-of-the-stack-test',
    ...(redis === null ? {} : { COORDINATION_URL: redis.url }),
  };
  return DevStack.start(join(tempFolder(), 'data'), { env });
}

/** Ms from a signal to the leader until the next election. */
async function afterSignal(stack: DevStack, signal: NodeJS.Signals): Promise<number> {
  const elected = stack.nextElected();
  const began = now();
  process.kill(stack.leaderPid, signal);
  return (await elected) - began;
}

/** Ms from the word that the leader was asked to hand over until the next election. */
async function afterStepDown(stack: DevStack): Promise<number> {
  const elected = stack.nextElected();
  const command = stack.startJob('step-down');
  await command.says(({ stdout }) => stdout.includes('is asked to hand over'));
  const asked = now();
  expect((await command.ended).code).toBe(0);
  // The word may come after the deed.
  return Math.max(0, (await elected) - asked);
}

/** Resolves when every node holds what is wanted, so many, and `job status` says so by its exit code. */
async function untilConverged(stack: DevStack, wanted: number): Promise<void> {
  const watch = stack.startJob('status', '--watch', '100ms', '--json');
  await watch.says(({ stdout }) => {
    const line = stdout.slice(0, stdout.lastIndexOf('\n')).split('\n').at(-1) ?? '';
    if (!line.startsWith('{')) return false;
    const { converged, term } = JSON.parse(line);
    return converged === true && term.wanted === wanted;
  });
  await watch.end('SIGTERM');
  expect(await stack.job('status', '--quiet')).toMatchObject({ code: 0 });
}

async function groupsOn(stack: DevStack, node: string): Promise<readonly string[]> {
  const ids: string[] = [];
  for (;;) {
    const after = ids.length === 0 ? '' : `&after=${encodeURIComponent(ids.at(-1) ?? '')}`;
    const url = `http://127.0.0.1:${stack.ports.CLUSTER_PORT}/v1/groups?node=${node}&limit=100${after}`;
    const reply = await fetch(url, { headers: { node } });
    const page = (await reply.json()) as { readonly groups?: readonly { readonly groupId: string }[] };
    // One call in ten fails.
    if (page.groups === undefined) continue;
    if (page.groups.length === 0) return ids;
    ids.push(...page.groups.map(({ groupId }) => groupId));
  }
}

interface EngineCounts {
  readonly active: string;
  readonly phase: string;
  readonly mismatches: Readonly<Record<string, number>>;
}

/** The first state of the engine that fits. */
async function engineState(
  stack: DevStack,
  fits: (state: EngineCounts) => boolean = () => true,
): Promise<EngineCounts> {
  for (;;) {
    const reply = await fetch(`http://127.0.0.1:${stack.ports.ENGINE_ADMIN_PORT}/state`);
    const state = (await reply.json()) as EngineCounts;
    if (fits(state)) return state;
    await pause(LOOK_EVERY_MS);
  }
}

/** Switches, after the last switch is over, and resolves when new queries go to the other colour. */
async function switchColour(stack: DevStack): Promise<void> {
  const before = await engineState(stack, ({ phase }) => phase === 'steady');
  const { code } = await stack.job('switch', '--announce', '300ms', '--drain', '5s');
  expect(code).toBe(0);
  await engineState(stack, ({ active }) => active !== before.active);
}

const ms = (value: number): string => `${Math.round(value)} ms`;
const total = ({ mismatches }: EngineCounts): number =>
  Object.values(mismatches).reduce((sum, count) => sum + count, 0);

describe.each(BACKENDS)('the stack on %s', (backend) => {
  test('loses nothing that was wanted, whatever becomes of leaders and colours', async () => {
    const stack = await startStack(backend);
    const load = await WantedLoad.start(Number(stack.ports.ENGINE_PORT));
    onTestFinished(() => load.stop());
    onTestFailed(() => reportLine([...load.failures, stack.app.stdout, stack.app.stderr].join('\n')));

    const asked = await afterStepDown(stack);
    const stopped = await afterSignal(stack, 'SIGTERM');

    // Beside the leader; it deletes what nobody wants, and that is all that becomes of these.
    const [adHoc] = await Promise.all([
      stack.job('create', '--ids', Array.from({ length: 20 }, (_, i) => `ad-hoc-${i}`).join(',')),
      switchColour(stack),
    ]);
    expect(adHoc).toMatchObject({ code: 0 });
    expect(adHoc.stdout).toContain('create: 20 committed of 20');

    // A journal of its own: refused, and the others go on.
    const strange = new AppProcess({
      program: BUILT.jobCli,
      args: ['work', '--json'],
      env: { ...stack.env, HOLDFAST_JOURNAL: join(tempFolder(), 'another.db') },
    });
    const refused = await strange.ended;
    expect(refused.code).toBe(2);
    expect(refused.stdout).toContain('"code":"JOURNAL_NOT_SHARED"');

    // Killed at work.
    const killed = await afterSignal(stack, 'SIGKILL');
    const { changes: atKill } = load;
    while (load.changes < atKill + 10) await pause(LOOK_EVERY_MS);
    await load.stop();
    const ended = now();
    await untilConverged(stack, load.wanted.size);
    const converged = now() - ended;
    const expected = [...load.wanted].sort();
    for (const node of NODES) expect([...(await groupsOn(stack, node))].sort()).toEqual(expected);
    expect(load.failures).toEqual([]);

    // Who comes to lead after a switch asks the right colour at once where the workers share it.
    const before = total(await engineState(stack));
    await switchColour(stack);
    await afterSignal(stack, 'SIGTERM');
    await untilConverged(stack, load.wanted.size);
    const refusals = total(await engineState(stack)) - before;
    if (backend === 'redis') expect(refusals).toBeLessThanOrEqual(1);

    reportLine(
      `stack on ${backend}: ${load.changes} changes and ${load.queries} queries, none failed; next leader ${ms(killed)} after kill -9 ` +
        `(lease ${LEASE_MS} ms, bar ${LEASE_MS + 1_000} ms), ${ms(stopped)} after SIGTERM, ${ms(asked)} after ` +
        `"job step-down" (bar 1,000 ms); as wanted ${ms(converged)} after the last change; 456s of a switch and a new leader: ${refusals}`,
    );
    expect(await stack.app.end('SIGTERM')).toMatchObject({ code: 0, stderr: '' });
  });
});
