/** One HTTP request to one node, before headers that the node client adds. */
export interface NodeRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Path below the node's base URL, percent-encoded, beginning with `/`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What became of one attempt. A transport never rejects: each failure is one of the last two. */
export type NodeReply =
  | {
      readonly kind: 'reply';
      readonly status: number;
      /** Lower-case names; a repeated header is joined by ", ". */
      readonly headers: Readonly<Record<string, string | undefined>>;
      /** Whole body as UTF-8 text; a body over the transport's limit is `silent` instead. */
      readonly body: string;
      /** Monotonic ms at which the last byte of the request was handed over. */
      readonly sentAt: number;
    }
  /** Not one byte of the request reached the network: refused, not resolved, aborted in the queue (4.2). */
  | { readonly kind: 'not_sent'; readonly cause: Error }
  /** Sent, at least in part, and no whole reply came: reset, time-out, abort after sending, truncated. */
  | { readonly kind: 'silent'; readonly cause: Error; readonly sentAt: number };

export interface SendOptions {
  /** Bound on the attempt in ms; counts from the send, not in the queue before it. */
  readonly timeoutMs: number;
  /** Bound on the wait in the queue before it, ms. Over: `not_sent`. */
  readonly queueMs: number;
  /** Monotonic ms at which the attempt ends wherever it is, in the queue or after the send. Default: the bounds above. */
  readonly endsAt?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How requests reach the nodes. Replaceable: the simulation passes its own network. */
export interface Transport {
  send(node: string, request: NodeRequest, options: SendOptions): Promise<NodeReply>;
  close(): Promise<void>;
}
