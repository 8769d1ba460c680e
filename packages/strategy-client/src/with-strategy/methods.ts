import type { Client, MethodDefinition } from '@grpc/grpc-js';
import { StrategyClientError } from '../errors.js';

/** A method of a service: the name by which it is called, and how its messages become bytes. */
export interface Method {
  readonly name: string;
  readonly definition: MethodDefinition<unknown, unknown>;
}

/** What a client's methods are called, and what they are; a method with two names is there under both. */
export function methodsOf(client: Client): Map<string, Method> {
  const made = client.constructor;
  const service: unknown = 'service' in made ? made.service : undefined;
  if (typeof service !== 'object' || service === null)
    throw new StrategyClientError(
      'INVALID_ARGUMENT',
      'the client has no service definition at its class; make it by makeGenericClientConstructor or by a generator for grpc-js',
    );
  const methods = new Map<string, Method>();
  for (const [name, definition] of Object.entries(service)) {
    if (!isMethod(definition)) continue;
    for (const known of [name, definition.originalName])
      if (known) methods.set(known, { name: known, definition });
  }
  return methods;
}

/** The full name of the service, from the path of its first method. */
export function serviceOf(methods: ReadonlyMap<string, Method>): string {
  for (const { definition } of methods.values()) return definition.path.split('/')[1] ?? '';
  return '';
}

function isMethod(value: unknown): value is MethodDefinition<unknown, unknown> {
  return typeof value === 'object' && value !== null && 'path' in value && typeof value.path === 'string';
}
