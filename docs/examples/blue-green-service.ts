/**
 * A gRPC service of your own behind a blue/green router: clients start jobs and download their pages while the sides are
 * switched 20 times. Run it with
 *   node --import tsx --conditions=@holdfast/source docs/examples/blue-green-service.ts
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import {
  type CallOptions,
  type Client,
  type ClientReadableStream,
  type ClientUnaryCall,
  credentials,
  type Metadata,
  makeGenericClientConstructor,
  type requestCallback,
  status,
} from '@grpc/grpc-js';
import { StrategyManager, withStrategy } from '@holdfast/strategy-client';
import {
  exportService,
  type Job,
  type Login,
  type OfJob,
  PAGES,
  type Page,
  type Reply,
  type StartJob,
  startExportService,
} from './export-service.js';

type Unary<Req, Res> = (q: Req, m: Metadata, o: CallOptions, done: requestCallback<Res>) => ClientUnaryCall;

/** What a code generator writes. */
interface ExportClient extends Client {
  readonly login: Unary<{ user: string }, Login>;
  readonly startJob: Unary<StartJob, Job>;
  readonly closeJob: Unary<OfJob, Reply>;
  download(q: OfJob, m: Metadata, o?: CallOptions): ClientReadableStream<Page>;
}
const ExportClient = makeGenericClientConstructor(exportService, 'documents.Exports') as unknown as new (
  ...args: ConstructorParameters<typeof Client>
) => ExportClient;

/** All that `withStrategy` has to know of the service. */
function follow(client: ExportClient, manager: StrategyManager) {
  return withStrategy(client, {
    manager,
    header: 'side',
    announced: (response) => response.next,
    isMismatch: (error) => error.code === status.FAILED_PRECONDITION && error.details === 'wrong side',
    session: {
      open: ({ metadata, deadline }) =>
        new Promise<{ session: string; announced?: string | undefined }>((resolve, reject) =>
          client.login({ user: 'ada' }, metadata, { deadline }, (error, reply) =>
            reply ? resolve({ session: reply.token, announced: reply.next }) : reject(error),
          ),
        ),
      attach: ({ session, request }) => ({ ...request, token: session }),
      isExpired: (error) => error.details === 'unknown token',
    },
    pin: {
      start: (call) => (call.method === 'startJob' ? call.response.jobId : undefined),
      of: ({ request }) => ('jobId' in request ? request.jobId : undefined),
      end: ({ method }) => method === 'closeJob',
    },
    idempotent: (method) => method === 'closeJob',
  });
}

/** Exports documents with many workers while the sides are switched; returns what came of it. */
export async function exportDuringSwitches(switches: number, workers: number) {
  const service = await startExportService();
  const manager = new StrategyManager({ target: service.address });
  const client = new ExportClient(service.address, credentials.createInsecure());
  const exports = follow(client, manager);
  let isOver = false;
  const counts = { jobs: 0, pages: 0, failed: 0 };

  const worker = async (id: number): Promise<void> => {
    while (!isOver) {
      try {
        const { jobId } = await exports.startJob({ title: `document ${id}.${counts.jobs++}` });
        let last = 0;
        for await (const { page } of exports.download({ jobId })) if (page === last + 1) last = page;
        await exports.closeJob({ jobId });
        if (last === PAGES) counts.pages += last;
      } catch {
        counts.failed++;
      }
    }
  };
  const operator = async (): Promise<void> => {
    for (let n = 0; n < switches; n++) {
      const before = counts.jobs;
      const followed = new Promise((resolve) => manager.on('switched', resolve));
      await service.switchSides();
      await followed;
      while (counts.jobs < before + workers) await sleep(1);
    }
    isOver = true;
  };

  try {
    await exports.closeJob({ jobId: (await exports.startJob({ title: 'the first' })).jobId });
    await Promise.all([operator(), ...Array.from({ length: workers }, (_, id) => worker(id))]);
    const sides = Object.values(service.sides);
    const started = sides.flatMap((side) => side.counts.started);
    return {
      ...counts,
      doubled: started.length - new Set(started).size,
      logins: sides.reduce((sum, side) => sum + side.counts.logins, 0),
      switches: manager.metrics().switches,
    };
  } finally {
    await exports.close();
    client.close();
    await manager.close();
    await service.stop();
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  process.stdout.write(`${JSON.stringify(await exportDuringSwitches(20, 16))}\n`);
