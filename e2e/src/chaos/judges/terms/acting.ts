import type { TermEvent } from '../../history/event.js';
import type { History } from '../../history/history.js';
import { type Deed, deedsOf, type HeldBack, heldBackIn } from './deeds.js';
import { type Stop, stopsOf, workerEvents } from './stops.js';
import type { Term } from './term.js';

/**
 * A lease is renewed every third of it, so that one which was just about to be renewed ends two thirds later. A stop of
 * half a lease or more may therefore have outlasted it; a shorter one cannot.
 */
const OUTLASTS = 1 / 2;

/** How a worker says that its lease ran out, rather than that it was asked to hand over. */
const LEASE_RAN_OUT = /\blease\b.*\bended\b|\blost\b/i;

/**
 * When which worker could act as leader, in the order of the beginnings: from its own word that the term has begun until
 * its word that the term is over, or its death. A worker that is stopped or starved cannot say in time that its lease
 * ran out. Such a term ends with the stop, or where the worker lost it with the last write of the term that a node
 * carried out; but a write after the stop shows that it went on. On a busy machine a write may be on its way for longer
 * than the margin of a lease: one of a lost term that arrives after the next term has begun, but before that one's first
 * write, has met nobody.
 */
export function actingTerms(history: History): readonly Term[] {
  const events = history.events.filter((event): event is TermEvent => event.type === 'term');
  const begun = events.filter(({ phase }) => phase === 'begin').toSorted((a, b) => a.at - b.at);
  const deeds = deedsOf(
    history,
    begun.map(({ term }) => BigInt(term)),
  );
  const stops = stopsOf(history);
  const heldBack = heldBackIn(history);
  const places = new Map(workerEvents(history).map(({ id, worker }) => [id, worker]));
  return begun.map((begin) => {
    const term = BigInt(begin.term);
    const own = deeds.filter((deed) => deed.term === term && deed.at >= begin.at);
    const claim = claimOf(history, events, begin);
    const { to, ending } = stillActing(begin, {
      ...{ own, claim, heldBack, leaseMs: history.leaseMs },
      next: nextOf(begun, deeds, begin),
      stops: stops.filter(({ id }) => id === begin.id),
    });
    return { term, id: begin.id, worker: places.get(begin.id) ?? begin.id, from: begin.at, to, ending };
  });
}

type End = Pick<Term, 'to' | 'ending'>;

function claimOf(history: History, events: readonly TermEvent[], begin: TermEvent): End {
  const ends: { at: number; ending: Term['ending'] }[] = [];
  const end = events.find(
    ({ phase, id, term, at }) => phase === 'end' && id === begin.id && term === begin.term && at >= begin.at,
  );
  if (end) ends.push({ at: end.at, ending: LEASE_RAN_OUT.test(end.detail ?? '') ? 'lost' : 'over' });
  for (const { what, id, at } of workerEvents(history)) {
    if (id === begin.id && at >= begin.at && (what === 'killed' || what === 'exited'))
      ends.push({ at, ending: what });
  }
  const [first] = ends.toSorted((a, b) => a.at - b.at);
  return first ? { to: first.at, ending: first.ending } : { to: null, ending: null };
}

/** When the next term began, and when a node carried out the first write of a later one; Infinity: never. */
interface Next {
  readonly began: number;
  readonly acted: number;
}

function nextOf(begun: readonly TermEvent[], deeds: readonly Deed[], { term, at }: TermEvent): Next {
  const later = begun.filter((other) => BigInt(other.term) > BigInt(term) && other.at >= at);
  const first = deeds.find((deed) => deed.term > BigInt(term));
  return { began: Math.min(...later.map((other) => other.at)), acted: first?.at ?? Number.POSITIVE_INFINITY };
}

interface Evidence {
  /** What was done in this term. */
  readonly own: readonly Deed[];
  readonly claim: End;
  readonly stops: readonly Stop[];
  readonly heldBack: HeldBack;
  readonly leaseMs: number;
  readonly next: Next;
}

function stillActing(begin: TermEvent, evidence: Evidence): End {
  const { own, claim, stops, heldBack, leaseMs, next } = evidence;
  const claimed = claim.to ?? Number.POSITIVE_INFINITY;
  const end = claim.ending === 'lost' ? lostAt(begin, claimed, evidence) : claim;
  for (const { from, to, continued } of stops) {
    if (from < begin.at || from >= claimed || to - from < leaseMs * OUTLASTS) continue;
    const wentOn = own.some((deed) => continued && deed.at > to && !heldBack(deed, from));
    // Starved before it was stopped, it had lost the term to another and had not come to say so.
    const wasLost = end.ending === 'lost' && next.began < from;
    if (!wentOn) return wasLost ? end : { to: from, ending: 'stopped' };
  }
  return end;
}

function lostAt(begin: TermEvent, claimed: number, { own, heldBack, leaseMs, next }: Evidence): End {
  const acted = own.filter((deed) => !heldBack(deed, claimed - leaseMs)).map(({ at }) => at);
  const last = Math.max(begin.at, ...acted);
  return { to: last > next.acted ? last : Math.min(last, next.began), ending: 'lost' };
}
