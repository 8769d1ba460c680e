import { status } from '@grpc/grpc-js';
import { accessDenied, GrpcFailure } from './grpc-failure.js';

/** How a wrong password is answered: with a status of its own, or like an unknown session. */
export type Refusal = 'unauthenticated' | 'access-denied';

/** The one user that the engine knows. */
export class CredentialCheck {
  readonly #user: string;
  readonly #password: string;
  readonly #refusal: Refusal;

  constructor(o: { readonly user: string; readonly password: string; readonly refusal: Refusal }) {
    this.#user = o.user;
    this.#password = o.password;
    this.#refusal = o.refusal;
  }

  /** @throws GrpcFailure that names neither user nor password. */
  check(user: string, password: string): void {
    if (user === this.#user && password === this.#password) return;
    if (this.#refusal === 'access-denied') throw accessDenied();
    throw new GrpcFailure(status.UNAUTHENTICATED, 'user or password is wrong');
  }
}
