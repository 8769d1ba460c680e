import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadSync, type MessageTypeDefinition, type ServiceDefinition } from '@grpc/proto-loader';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  CLUSTER_METHODS,
  clusterService,
  QUERY_ENGINE_METHODS,
  queryEngineService,
} from '../../src/protocol/index.js';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const PROTO = path('../../src/protocol/engine.proto');
const GENERATED = path('../../src/protocol/generated/engine.ts');
const GENERATE = path('../../../../tooling/generate-protocol.mjs');

const loaded = loadSync(PROTO, { keepCase: true });

interface Field {
  readonly name: string;
  readonly type: string;
  readonly typeName: string;
  readonly label: string;
}

/** A message with something in every field, in the form of proto-loader. */
function filled(type: MessageTypeDefinition<object, object>): Record<string, unknown> {
  const descriptor = type.type as unknown as {
    field: readonly Field[];
    nestedType: readonly { name: string; field: readonly Field[] }[];
  };
  const nested = new Map(descriptor.nestedType.map((one) => [one.name, one.field]));
  const message = (fields: readonly Field[]): Record<string, unknown> =>
    Object.fromEntries(
      fields.map((field) => {
        const inner = nested.get(field.typeName);
        if (field.name.endsWith('Map')) return [field.name, { a: 1 }];
        const value = scalar(field) ?? message(inner ?? outer(field.typeName));
        return [field.name, field.label === 'LABEL_REPEATED' ? [value, value] : value];
      }),
    );
  return message(descriptor.field);
}

function outer(name: string): readonly Field[] {
  const found = Object.entries(loaded).find(([key]) => key === name)?.[1];
  return (found as unknown as { type: { field: readonly Field[] } } | undefined)?.type.field ?? [];
}

function scalar({ type, name }: Field): unknown {
  if (type === 'TYPE_MESSAGE') return undefined;
  if (type === 'TYPE_STRING') return `the ${name}`;
  if (type === 'TYPE_BYTES') return Buffer.from(name);
  if (type === 'TYPE_BOOL') return true;
  return 1;
}

describe.each([
  ['QueryEngineService', queryEngineService, QUERY_ENGINE_METHODS],
  ['ClusterService', clusterService, CLUSTER_METHODS],
] as const)('%s', (name, service, methods) => {
  const definition = loaded[name] as ServiceDefinition;

  test('has the calls of engine.proto in their order', () => {
    expect(methods).toEqual(Object.keys(definition));
    expect(Object.values(service).map((method) => method.path)).toEqual(
      Object.values(definition).map((method) => method.path),
    );
  });

  test.each([...methods])('%s reads and writes the bytes of another codec', (method) => {
    const ours = Object.entries(service).find(([key]) => key === method)?.[1];
    const theirs = definition[method];
    if (ours === undefined || theirs === undefined) throw new Error(`${method} is missing`);
    const request = theirs.requestSerialize(filled(theirs.requestType));
    const response = theirs.responseSerialize(filled(theirs.responseType));
    expect(ours.requestSerialize(ours.requestDeserialize(request)).toString('hex')).toBe(
      request.toString('hex'),
    );
    expect(ours.responseSerialize(ours.responseDeserialize(response)).toString('hex')).toBe(
      response.toString('hex'),
    );
  });
});

test('the generated code is that of engine.proto', () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-protocol-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  execFileSync(process.execPath, [GENERATE, folder]);
  expect(readFileSync(join(folder, 'engine.ts'), 'utf8')).toBe(readFileSync(GENERATED, 'utf8'));
});
