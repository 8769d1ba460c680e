import { StrategyClientError } from '../errors.js';
import { inferredType, isParameterType, PARAMETER_TYPES, type ParameterType } from './parameter-types.js';
import { kindOf, refused } from './refused.js';
import { typedText } from './typed-text.js';

/** A parameter of executeStatementV2 as it goes over the wire. */
export interface TypedParameterValue {
  /** Place of its `?` in the statement; the first is 1. */
  readonly index: number;
  readonly type: ParameterType;
  readonly value: string;
}

/** A value with its type, where the type that is inferred would be another. */
export interface ExplicitParameter {
  readonly type: ParameterType;
  readonly value: string | number | bigint | boolean | Date | Uint8Array | null;
}

/** Most `?` of one statement. */
export const MAX_PARAMETERS = 32_766;

/**
 * The values of a statement's `?`, in their order, typed for the engine. Inferred: text STRING, boolean BOOLEAN, whole
 * number INTEGER or LONG by size, other number DOUBLE, bigint LONG or by size DECIMAL128, Date DATETIME, Uint8Array
 * BINARY (as hex), null NULL. `{ type: 'DECIMAL128', value: '1.50' }` says the type itself. Throws `INVALID_ARGUMENT`
 * that names the parameter and its limits; nothing is rounded or cut.
 */
export function typedParameters(values: readonly unknown[]): TypedParameterValue[] {
  if (!Array.isArray(values))
    throw new StrategyClientError(
      'INVALID_ARGUMENT',
      `the parameters are ${kindOf(values)}; give an array with one value per ?`,
    );
  if (values.length > MAX_PARAMETERS)
    throw new StrategyClientError(
      'INVALID_ARGUMENT',
      `${values.length} parameters; give at most ${MAX_PARAMETERS}, in several statements`,
    );
  const typed: TypedParameterValue[] = [];
  for (const [at, value] of values.entries()) typed.push(typedParameter(at + 1, value));
  return typed;
}

function typedParameter(index: number, given: unknown): TypedParameterValue {
  const parameter = String(index);
  const explicit = isExplicit(given);
  const value = explicit ? given.value : given;
  const type = explicit ? checkedType(parameter, given.type) : inferredType(parameter, value);
  // An empty text is all that the wire has for NULL, so its type has to say it.
  if (value === null) return { index, type: 'NULL', value: '' };
  return { index, type, value: typedText(parameter, type, value) };
}

const isExplicit = (given: unknown): given is { readonly type: unknown; readonly value: unknown } =>
  typeof given === 'object' &&
  given !== null &&
  Object.hasOwn(given, 'type') &&
  Object.hasOwn(given, 'value');

function checkedType(parameter: string, type: unknown): ParameterType {
  if (isParameterType(type)) return type;
  throw refused(parameter, `has the type ${JSON.stringify(type)}; give one of ${PARAMETER_TYPES.join(', ')}`);
}
