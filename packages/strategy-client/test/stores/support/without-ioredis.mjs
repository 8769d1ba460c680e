import { register } from 'node:module';

// A process in which ioredis is not installed.
const hook = `export const resolve = (name, context, next) => {
  if (name === 'ioredis') throw new Error("Cannot find package 'ioredis'");
  return next(name, context);
};`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);
