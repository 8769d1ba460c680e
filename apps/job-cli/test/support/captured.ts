import { once } from 'node:events';
import { Writable } from 'node:stream';

/** A stream that keeps what is written to it. */
export class Captured extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    this.emit('captured');
    done();
  }

  /** Resolves when the text was written. */
  async says(text: string): Promise<void> {
    while (!this.text.includes(text)) await once(this, 'captured');
  }
}

/** The same, taken for a terminal of 120 columns. */
export class CapturedTerminal extends Captured {
  readonly isTTY = true;
  readonly columns = 120;
}
