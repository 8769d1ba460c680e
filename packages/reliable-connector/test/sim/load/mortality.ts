import type { Coordinator, Simulation } from '../simulation.js';
import { Prng } from '../world/prng.js';

/** Ms until somebody notices that a process is gone, and starts another. */
const NOTICED_MS = 2_000;

/** Where a crash hurts most: between the durable records and what they announce. */
const DELICATE = [
  'before end',
  'before end',
  'after end',
  'before abort',
  'after abort',
  'before probe',
  'after probe',
  'after begin',
  'after plan',
  'after adopt',
  'after direct',
  'after POST',
];

/** Life and death of the coordinators of a seed: crashes at any await, stops, and leaders one after the other. */
export class Mortality {
  readonly #simulation: Simulation;
  readonly #dice: Prng;
  #term = 0n;
  #over = false;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
    this.#dice = new Prng(simulation.profile.seed, 'mortality');
  }

  schedule(): void {
    const { profile, world } = this.#simulation;
    for (let i = 0; i < profile.processes; i++)
      this.#start(i === 0 && profile.leadership, i === 0 ? profile.failsAtCommit : null);
    for (let i = 0; i < profile.crashes; i++)
      world.after(this.#dice.between(0, profile.spanMs), () => this.#crash());
    for (let i = 0; i < profile.stops; i++)
      world.after(this.#dice.between(0, profile.spanMs), () => this.#stop());
    for (let i = 0; i < profile.successions; i++)
      world.after(this.#dice.between(0, profile.spanMs), () => this.#succeed());
  }

  /** Nobody is started any more. */
  end(): void {
    this.#over = true;
  }

  /** A term that no leader has had. */
  nextTerm(): bigint {
    return ++this.#term;
  }

  #start(leads: boolean, failsAtCommit: number | null = null): Coordinator {
    const coordinator = this.#simulation.spawn({
      ...(leads && { term: this.nextTerm() }),
      disk: {
        failsAtCommit,
        failed: () => {
          this.#simulation.coverage.count('fault', 'commit fails');
          this.#simulation.world.after(NOTICED_MS, () =>
            coordinator.process.kill('as its journal has stopped'),
          );
        },
      },
    });
    return coordinator;
  }

  #startLater(leads: boolean): void {
    this.#simulation.world.after(this.#dice.between(0, NOTICED_MS), () => {
      if (!this.#over) this.#start(leads);
    });
  }

  /** At once, or at one of the next awaits: before or after a journal write or a call. */
  #crash(): void {
    const victim = this.#pick();
    if (victim === null) return;
    const { process } = victim;
    const { coverage } = this.#simulation;
    process.onDeath(() => {
      coverage.count('fault', 'crash');
      this.#startLater(victim.term !== null);
    });
    if (this.#dice.chance(0.3)) process.kill('by the operator');
    else process.diesAt = this.#moment(process.steps);
  }

  /** One of the next steps, or the next one of a kind that seldom comes. */
  #moment(now: number): (step: number, where: string) => boolean {
    if (this.#dice.chance(0.5)) {
      const last = now + this.#dice.int(1, 25);
      return (step) => step === last;
    }
    const place = this.#dice.pick(DELICATE);
    return (_, where) => where.startsWith(place);
  }

  #stop(): void {
    const { profile, world, coverage } = this.#simulation;
    const victim = this.#pick();
    if (victim === null) return;
    coverage.count('fault', 'stop and continue');
    victim.process.stop();
    world.after(this.#dice.between(0, profile.spanMs / 2), () => victim.process.resume());
  }

  /** Another leader, whether the old one has noticed, is stopped, or is dead. */
  #succeed(): void {
    if (this.#over) return;
    const { world, coordinators, coverage } = this.#simulation;
    const old = coordinators.findLast((each) => each.term !== null && each.process.alive);
    if (old !== undefined) {
      if (this.#dice.chance(0.5)) old.process.stop();
      const abdicate = (): void => {
        old.process.resume();
        old.abdicate();
      };
      if (this.#dice.chance(0.3)) abdicate();
      else world.after(this.#dice.between(0, 2 * NOTICED_MS), abdicate);
    }
    coverage.count('fault', 'leader succeeded');
    this.#start(true);
  }

  #pick(): Coordinator | null {
    const running = this.#simulation.coordinators.filter((each) => each.process.state === 'running');
    return running.length === 0 ? null : this.#dice.pick(running);
  }
}
