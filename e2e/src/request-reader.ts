/** Cuts a stream of bytes into whole HTTP/1.1 requests whose bodies have a length, which is all a connector sends. */
export class RequestReader {
  #rest: Buffer = Buffer.alloc(0);

  /** Takes more bytes and gives the requests that are now complete. */
  push(bytes: Buffer): Buffer[] {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    const complete: Buffer[] = [];
    for (
      let length = requestLength(this.#rest);
      length <= this.#rest.length;
      length = requestLength(this.#rest)
    ) {
      complete.push(this.#rest.subarray(0, length));
      this.#rest = this.#rest.subarray(length);
    }
    return complete;
  }
}

const END_OF_HEAD = '\r\n\r\n';

/** Length in bytes of the first request; infinite while its head is not there. */
function requestLength(bytes: Buffer): number {
  const end = bytes.indexOf(END_OF_HEAD);
  if (end < 0) return Number.POSITIVE_INFINITY;
  const head = bytes.toString('latin1', 0, end);
  if (/^transfer-encoding:/im.test(head))
    throw new Error('the proxy reads bodies with a content-length only');
  const body = /^content-length: *(\d+)/im.exec(head)?.[1] ?? '0';
  return end + END_OF_HEAD.length + Number(body);
}
