import type { Database } from '../driver.js';
import { CatalogTable } from './catalog-table.js';
import { HotTable } from './hot-table.js';
import { JournalRow } from './journal-row.js';
import { NodeTable } from './node-table.js';
import { OwnerTable } from './owner-table.js';
import { Retention } from './retention.js';
import { SagaTable } from './saga-table.js';

/** All prepared statements of one connection, by table. */
export interface Tables {
  readonly sagas: SagaTable;
  readonly catalog: CatalogTable;
  readonly hot: HotTable;
  readonly owners: OwnerTable;
  readonly nodes: NodeTable;
  readonly row: JournalRow;
  readonly retention: Retention;
}

export function prepareTables(db: Database): Tables {
  return {
    sagas: new SagaTable(db),
    catalog: new CatalogTable(db),
    hot: new HotTable(db),
    owners: new OwnerTable(db),
    nodes: new NodeTable(db),
    row: new JournalRow(db),
    retention: new Retention(db),
  };
}
