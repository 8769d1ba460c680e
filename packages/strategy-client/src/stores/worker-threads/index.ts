export {
  createWorkerThreadsSpace,
  type WorkerThreadsSpace,
  type WorkerThreadsSpaceOptions,
} from './space.js';
export { workerThreadsStore } from './worker-threads-store.js';
