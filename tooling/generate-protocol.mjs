// Generates the types and codecs of packages/strategy-client/src/protocol/engine.proto. Needs protoc (protobuf-compiler).
// An argument names another folder to write to. The generated code reads and writes through our own BinaryReader and
// BinaryWriter, see docs/decisions/0008-generated-codec.md.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const home = fileURLToPath(new URL('../packages/strategy-client', import.meta.url));
const source = join(home, 'src/protocol');
const out = process.argv[2] ?? join(source, 'generated');
const options = {
  annotateFilesWithVersion: false,
  enumsAsLiterals: true,
  exportCommonSymbols: false,
  forceLong: 'bigint',
  importSuffix: '.js',
  initializeFieldsAsUndefined: false,
  outputJsonMethods: false,
  outputPartialMethods: false,
  outputServices: false,
  unrecognizedEnum: false,
  useOptionals: 'none',
};

if (spawnSync('protoc', ['--version']).status !== 0)
  throw new Error('protoc is not there; on Debian: apt-get install protobuf-compiler');
execFileSync('protoc', [
  `--plugin=${join(home, 'node_modules/.bin/protoc-gen-ts_proto')}`,
  `--proto_path=${source}`,
  `--ts_proto_out=${out}`,
  `--ts_proto_opt=${Object.entries(options)
    .map(([name, value]) => `${name}=${value}`)
    .join(',')}`,
  'engine.proto',
]);

const file = join(out, 'engine.ts');
const library = 'import { BinaryReader, BinaryWriter } from "@bufbuild/protobuf/wire";';
const own =
  'import { BinaryReader } from "../binary-reader.js";\nimport { BinaryWriter } from "../binary-writer.js";';
const code = readFileSync(file, 'utf8');
if (!code.includes(library))
  throw new Error(`${file} does not import the codec as expected; look at ts-proto`);
writeFileSync(file, code.replace(library, own));
