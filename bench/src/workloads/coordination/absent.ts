import type { Measurement } from '../../harness/results.js';

/** Peers that a machine may lack, and how Debian brings them. */
const PEERS = {
  tooz: 'Python tooz: not installed (Debian: apt-get install python3-tooz python3-redis)',
  etcd: 'etcd: not installed (Debian: apt-get install etcd-server)',
} as const;

/** The line of a peer on a machine that lacks it. */
export function absent(peer: keyof typeof PEERS, id: string, unit: string): Measurement {
  return { id, what: PEERS[peer], unit, value: Number.NaN };
}
