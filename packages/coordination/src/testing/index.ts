export { conformance } from './conformance.js';
export type { Channel, Peer, PeerHost, PeerOrder } from './peer.js';
export { peerOver, servePeer } from './peer.js';
export type { Runner } from './runner.js';
export type { Backend, ConformanceTarget } from './target.js';
