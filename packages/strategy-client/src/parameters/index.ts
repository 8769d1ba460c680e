export type { BindOptions, NamedParameters } from './bind-parameters.js';
export { bindParameters } from './bind-parameters.js';
export type { EscapeStyle } from './escapes.js';
export { DEFAULT_ESCAPES, ESCAPE_STYLES } from './escapes.js';
export { MAX_STATEMENT_LENGTH, normaliseStatement } from './normalise-statement.js';
export type { ParameterType } from './parameter-types.js';
export { PARAMETER_TYPES } from './parameter-types.js';
export type { ExplicitParameter, TypedParameterValue } from './typed-parameters.js';
export { MAX_PARAMETERS, typedParameters } from './typed-parameters.js';
