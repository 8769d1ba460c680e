import type { SagaDefinition } from '../saga/definition.js';
import { createSaga } from './create-saga.js';
import { deleteSaga } from './delete-saga.js';
import { fillSaga } from './fill-saga.js';
import { forceDeleteSaga } from './force-delete-saga.js';
import type { GroupCalls } from './group-calls.js';

/** Every kind of group saga; an adopter needs all of them. */
export interface GroupSagas {
  readonly create: SagaDefinition;
  readonly delete: SagaDefinition;
  readonly forceDelete: SagaDefinition;
  readonly fill: SagaDefinition;
}

export const groupSagas = (calls: GroupCalls): GroupSagas => ({
  create: createSaga(calls),
  delete: deleteSaga(calls),
  forceDelete: forceDeleteSaga(calls),
  fill: fillSaga(calls),
});
