import { unlinkSync } from 'node:fs';
import { ReliableConnectorError } from '../../errors.js';
import type { Database } from './driver.js';
import { createPrivateFile, fileBytes } from './files.js';

/** How far a backup has come, in pages; `remaining` rises when other processes have written meanwhile. */
export interface BackupProgress {
  readonly total: number;
  readonly remaining: number;
}

export interface BackupOptions {
  readonly onProgress?: (progress: BackupProgress) => void;
}

/** Pages copied per turn of the loop at first; a copy that has to start over takes larger bites, so that it ends. */
const FIRST_BITE = 256;

/**
 * Copies the journal while it is in use, to a new private file. The copy is a sound journal of the same id: opened in the
 * place of the original it knows nothing of what came after it, so use it only when the original is lost.
 */
export async function backupJournal(db: Database, destination: string, o: BackupOptions): Promise<void> {
  if (fileBytes(destination) > 0)
    throw new ReliableConnectorError(
      'INVALID_ARGUMENT',
      `the backup ${destination} exists already; give the path of a new file`,
    );
  createPrivateFile(destination);
  let bite = FIRST_BITE;
  let least = Number.POSITIVE_INFINITY;
  try {
    await db.backup(destination, {
      progress({ totalPages, remainingPages }) {
        o.onProgress?.({ total: totalPages, remaining: remainingPages });
        if (remainingPages >= least) bite *= 2;
        least = remainingPages;
        return bite;
      },
    });
  } catch (error) {
    unlinkSync(destination);
    throw error;
  }
}
