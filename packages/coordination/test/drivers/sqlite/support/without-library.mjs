import { register } from 'node:module';

// A process in which better-sqlite3 is not installed.
const hook = `export const resolve = (name, context, next) => {
  if (name === 'better-sqlite3') throw new Error("Cannot find package 'better-sqlite3'");
  return next(name, context);
};`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);
