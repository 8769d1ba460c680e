import { ReliableConnectorError } from '../../errors.js';
import { type NodeSet, nodeText, otherCluster } from '../binding.js';
import type { JournalContext } from './context.js';
import { isLocked } from './owner-lock.js';

/** What `rebind` has changed. */
export interface RebindReport {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Same name, other base URL. */
  readonly moved: readonly string[];
  /** A node was added: it has none of the records yet, so `repair` with direction `fill` is due. */
  readonly needsRepair: boolean;
}

/**
 * Within a transaction: binds the journal to another set of nodes (4.3). Refused while a connector is open, since it would
 * go on with the old set, and for the removal of a node that an unfinished saga or a HOT entry still speaks of.
 */
export function writeRebind(context: JournalContext, nodes: NodeSet): RebindReport {
  const { tables, path } = context;
  const bound = tables.nodes.read() ?? {};
  const added = Object.keys(nodes).filter((name) => !(name in bound));
  const removed = Object.keys(bound).filter((name) => !(name in nodes));
  const moved = Object.keys(nodes).filter((name) => name in bound && bound[name] !== nodes[name]);
  refuseOpenConnectors(context);
  const owed = removed.filter((name) => isOwed(context, name));
  if (owed.length > 0)
    throw new ReliableConnectorError(
      'JOURNAL_OTHER_CLUSTER',
      `${otherCluster(`the journal ${path}`, bound, nodes).message}. It cannot be rebound yet: unfinished sagas or late ` +
        `requests still concern ${owed.join(', ')}; run recovery with these nodes, or resolve what is parked`,
    );
  tables.nodes.replace(nodes);
  context.options.logger.info(
    { path, from: nodeText(bound), to: nodeText(nodes) },
    'the journal was rebound',
  );
  return { added, removed, moved, needsRepair: added.length > 0 };
}

function refuseOpenConnectors({ tables, driver, owners, path }: JournalContext): void {
  const open = tables.owners.all().filter((owner) => isLocked(driver, owners, owner.uuid));
  if (open.length > 0)
    throw new ReliableConnectorError(
      'JOURNAL_BUSY',
      `${path} cannot be rebound while connectors are open (pid ${open.map(({ pid }) => pid).join(', ')}); close them first`,
    );
}

function isOwed({ tables }: JournalContext, node: string): boolean {
  if (tables.hot.all().some(({ step }) => step === node)) return true;
  return tables.sagas.query({ limit: -1 }).some(({ steps }) => steps.includes(node));
}
