/** Why a statement was not run or its rows cannot be read. The message is meant for the client. */
export class SqlError extends Error {
  override readonly name = 'SqlError';
}
