import {
  bindParameters,
  type EscapeStyle,
  type NamedParameters,
  normaliseStatement,
  type TypedParameterValue,
  typedParameters,
} from '../parameters/index.js';

/** Values for a statement: by name for `%(name)s`, put in by this client; in order for `?`, put in by the engine. */
export type QueryParameters = NamedParameters | readonly unknown[];

/** A statement as the engine gets it. */
export interface Statement {
  readonly sql: string;
  readonly catalog: string;
  readonly schema: string;
  /** Those that the engine puts in. */
  readonly typed: readonly TypedParameterValue[];
  /** Whether the engine's second versions of prepare and execute are needed: for a catalog, and for typed parameters. */
  readonly isV2: boolean;
}

/** Checks and binds. Throws `INVALID_ARGUMENT` that names the parameter or the limit. */
export function statementOf(
  sql: string,
  params: QueryParameters | undefined,
  o: { readonly catalog: string; readonly schema: string; readonly escapes: EscapeStyle },
): Statement {
  const { catalog, schema, escapes } = o;
  const isTyped = Array.isArray(params);
  const text = normaliseStatement(sql);
  return {
    sql: isTyped ? text : bindParameters(text, params as NamedParameters | undefined, { escapes }),
    catalog,
    schema,
    typed: isTyped ? typedParameters(params) : [],
    isV2: catalog !== '' || isTyped,
  };
}
