import { contract } from '../contract.js';
import { PersonalDataDefinition } from '../generated/personaldata/personaldata.js';

/** See personaldata.proto. */
export abstract class PersonalData extends contract(PersonalDataDefinition, {
  // It may have much to erase.
  longRunning: ['forgetPerson'],
  // Who has an account is its business alone.
  callers: ['users'],
}) {}

export type {
  ExportPersonRequest,
  ExportPersonResponse,
  ForgetPersonRequest,
  ForgetPersonResponse,
} from '../generated/personaldata/personaldata.js';
