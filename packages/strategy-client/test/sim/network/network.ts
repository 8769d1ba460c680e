import type { Metadata, MethodDefinition } from '@grpc/grpc-js';
import type { EngineTransport, SendOptions } from '../../../src/engine/transport.js';
import { onAbort } from '../../../src/on-abort.js';
import { parseStrategy } from '../../../src/strategy.js';
import type { SimConfig } from '../config.js';
import { errorOf } from '../engine/answers.js';
import { CLUSTER_RESUME, CLUSTER_STATUS, type VirtualEngine } from '../engine/virtual-engine.js';
import type { Judge } from '../judge/judge.js';
import type { Choice, ChoiceSource } from '../world/choice.js';
import type { World } from '../world/world.js';
import { faultsOf } from './faults.js';
import { type Message, nameOf } from './message.js';

/** What the network works with. */
export interface NetworkOptions {
  readonly world: World;
  readonly engine: VirtualEngine;
  readonly judge: Judge;
  readonly config: SimConfig;
  readonly random: () => number;
}

/** Requests and replies, each of which arrives at any time, or never. */
export class Network implements ChoiceSource {
  readonly messages: Message[] = [];
  faultsLeft: number;
  readonly #o: NetworkOptions;

  constructor(o: NetworkOptions) {
    this.#o = o;
    this.faultsLeft = o.config.faults;
  }

  /** The way of one process to the engine. */
  transportOf(process: number): EngineTransport {
    return {
      send: <Req, Res>({ path }: MethodDefinition<Req, Res>, request: Req, o: SendOptions) =>
        // The reply has the fields of every response.
        this.#send(process, path, request, o) as Promise<Res>,
      close: () => {},
    };
  }

  choices(): readonly Choice[] {
    return this.messages.flatMap((message) => [
      message.answer === null ? this.#arrival(message) : this.#reply(message),
      ...(this.faultsLeft > 0 && !message.isGivenUp && !isOfCluster(message)
        ? faultsOf(message, this, this.#o.config)
        : []),
    ]);
  }

  /** The message is gone, and its caller told so. */
  drop(message: Message, how: 'before send' | 'after send'): void {
    this.remove(message);
    this.giveUp(message, how);
  }

  /** The caller is told that it is lost; the request may still arrive. */
  giveUp(message: Message, how: 'before send' | 'after send'): void {
    this.useFault();
    message.isGivenUp = true;
    this.#o.judge.lost(message, how);
    message.settle({ kind: how });
  }

  /** One fault more has happened. */
  useFault(): void {
    this.faultsLeft--;
    this.#o.judge.faults++;
  }

  remove(message: Message): void {
    this.messages.splice(this.messages.indexOf(message), 1);
  }

  #arrival(message: Message): Choice {
    const { engine, judge } = this.#o;
    return {
      kind: 'arrival',
      label: `${message.name} reaches the engine${message.isGivenUp ? ' late' : ''}`,
      take: () => {
        message.answer = engine.answer({ ...message.call, isLate: message.isGivenUp });
        message.epoch = engine.at;
        judge.processed(message);
        if (message.isGivenUp) this.remove(message);
      },
    };
  }

  #reply(message: Message): Choice {
    const { answer } = message;
    const word = answer?.kind === 'ok' && answer.word !== null ? `, announces ${answer.word}` : '';
    return {
      kind: 'reply',
      label: `${message.name}: ${answer?.kind}${word}`,
      take: () => {
        this.remove(message);
        this.#o.judge.delivered(message);
        if (answer !== null) message.settle(answer);
      },
    };
  }

  #send(process: number, path: string, request: unknown, o: SendOptions): Promise<object> {
    const { world, judge, engine, random } = this.#o;
    const method = path.slice(path.lastIndexOf('/') + 1);
    const rpc = path.startsWith('/ClusterService/') ? `cluster ${method}` : method;
    const strategy = parseStrategy(headerOf(o.headers));
    const queryId = textOf(request, 'queryId');
    const sql = textOf(request, 'queryString') || judge.sqlOf(queryId);
    return new Promise((resolve, reject) => {
      let unlink = (): void => {};
      const message: Message = {
        ...{ process, rpc, strategy, sentAt: world.steps, name: nameOf(rpc, sql, strategy) },
        call: { rpc, strategy, sessionId: textOf(request, 'sessionId'), queryId, sql, isLate: false },
        ...{ answer: null, epoch: engine.at, isGivenUp: false },
        settle: (outcome) => {
          unlink();
          if (outcome.kind === 'ok') resolve(outcome.response);
          else reject(errorOf(outcome.kind, random));
        },
      };
      this.messages.push(message);
      judge.sent(message);
      unlink = onAbort(o.signal, () => {
        message.isGivenUp = true;
        judge.orphaned(message);
        if (message.answer !== null) this.remove(message);
        reject(errorOf('after send', random));
      });
    });
  }
}

const isOfCluster = ({ rpc }: Message): boolean => rpc === CLUSTER_STATUS || rpc === CLUSTER_RESUME;

function headerOf(headers: Metadata): unknown {
  return headers.get('strategy')[0];
}

function textOf(request: unknown, field: string): string {
  if (typeof request !== 'object' || request === null) return '';
  const value: unknown = Reflect.get(request, field);
  return typeof value === 'string' ? value : '';
}
