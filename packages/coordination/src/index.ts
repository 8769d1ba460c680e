export { CoordinationError } from './errors.js';
