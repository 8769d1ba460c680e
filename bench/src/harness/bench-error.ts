export type BenchErrorCode = 'INVALID_OPTION' | 'CHILD_FAILED' | 'WRONG_REPLY';

/** Why a benchmark could not run. Figures that miss their bar are no errors. */
export class BenchError extends Error {
  readonly code: BenchErrorCode;

  constructor(code: BenchErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BenchError';
    this.code = code;
  }
}
