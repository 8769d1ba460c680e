/** The group that all workers of a stack join, and in which they elect the one that reconciles. */
export const WORKER_GROUP = 'holdfast-workers';
