import type { Simulation } from '../simulation.js';
import { Prng } from '../world/prng.js';

/** Troubles that are not tied to one request: nodes away, nodes that refuse, extensions that change, outsiders, clocks. */
export function scheduleWeather(simulation: Simulation): void {
  const { profile, world, network, nodes, outsider, coverage } = simulation;
  const dice = new Prng(profile.seed, 'weather');
  const at = (action: () => void): void => void world.after(dice.between(0, profile.spanMs), action);
  const tell = (who: string, text: string): void => world.trace.add(world.now, who, () => text);

  world.letWallWander(dice, 10_000);
  network.faultRate = profile.faultRate;
  network.faultWeights = profile.faultWeights;

  const outages = profile.faultRate === 0 ? 0 : dice.int(0, 3);
  for (let i = 0; i < outages; i++)
    at(() => {
      const node = dice.pick(nodes);
      const link = dice.pick(['refused', 'black hole'] as const);
      network.links.set(node.name, link);
      coverage.count('fault', `node away: ${link}`);
      tell(node.name, `is away: ${link}`);
      world.after(dice.between(100, profile.spanMs / 3), () => {
        network.links.delete(node.name);
        tell(node.name, 'is back');
      });
    });

  const refusals = dice.chance(0.3) ? dice.int(1, 5) : 0;
  for (let i = 0; i < refusals; i++)
    at(() => {
      const node = dice.pick(nodes);
      node.mode = 'refusing';
      coverage.count('fault', 'node refuses writes');
      tell(node.name, 'refuses writes');
      world.after(dice.between(100, 5_000), () => {
        node.mode = 'serving';
        tell(node.name, 'serves again');
      });
    });

  for (let i = 0; i < (profile.extensionsChange ? 4 : 0); i++)
    at(() => {
      const node = dice.pick(nodes);
      const extension = dice.pick(['timestamp', 'list'] as const);
      if (!node.extensions.delete(extension)) node.extensions.add(extension);
      coverage.count('fault', 'extension appears or goes');
      tell(node.name, `has the extensions ${[...node.extensions].join(', ')}`);
    });

  for (let i = 0; i < (profile.outsider ? 16 : 0); i++)
    at(() => {
      const groupId = dice.pick(profile.groups.slice(0, 2));
      const some = nodes.filter(() => dice.chance(0.5));
      const creates = dice.chance(0.6);
      const version = dice.chance(0.3) ? null : 1e9 + i + 0.5;
      for (const node of some) {
        if (creates) outsider.create(node, groupId, version);
        else outsider.delete(node, groupId);
      }
      coverage.count('fault', `outsider ${creates ? 'creates' : 'deletes'}`);
      tell(
        'outsider',
        `${creates ? `creates ${version}` : 'deletes'} ${groupId} on ${some.map((node) => node.name)}`,
      );
    });
}
