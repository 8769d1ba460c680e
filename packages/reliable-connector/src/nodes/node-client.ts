import type { Attempt, Extension } from './answer.js';
import type { SendOptions } from './transport.js';

/** One group of the extension `list`. */
export interface ListedGroup {
  readonly groupId: string;
  readonly timestamp: number | null;
}

/** The origin's node API, typed (design of the node API: `POST|DELETE /group`, `GET /group/:id`, `GET /stats`). */
export interface NodeClient {
  readonly name: string;
  readonly url: string;
  /** As last advertised by this node; empty until its first reply. */
  readonly extensions: ReadonlySet<Extension>;
  /** False while the breaker is open (4.8): only not-sent and silent attempts open it, any reply of the node closes it. */
  readonly available: boolean;
  /** Ms until the breaker lets one attempt through; 0 when closed or half-open with a free trial. */
  readonly waitMs: number;
  /** `fence`: the value for the header `holdfast-fence`, sent only when the node advertises the extension. */
  post(groupId: string, token: number, o: SendOptions & { readonly fence: bigint }): Promise<Attempt>;
  /** `token` null: any version (force). */
  delete(
    groupId: string,
    token: number | null,
    o: SendOptions & { readonly fence: bigint },
  ): Promise<Attempt>;
  get(groupId: string, o: SendOptions): Promise<Attempt>;
  /** One page of the extension `list`; null when the node has no such extension or gave no usable reply. */
  list(
    after: string | null,
    o: SendOptions,
  ): Promise<{ readonly groups: readonly ListedGroup[]; readonly next: string | null } | null>;
  /** `GET /stats` as the node tells it, of all nodes; null when it gave no usable reply. */
  stats(
    o: SendOptions,
  ): Promise<{ readonly consistent: boolean; readonly counts: Readonly<Record<string, number>> } | null>;
}
