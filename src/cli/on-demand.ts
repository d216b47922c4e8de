/**
 * What costs a process 50 to 200 ms to load (Temporal's client, zod, MSAL, axios), loaded when it is first used, so
 * that `--help` and a mistyped command answer at once. `require`, for it keeps to CommonJS, whose caches tests share.
 */
import type * as Config from '../config';
import type * as CheckRequest from '../onboarding/request-schema';
import type * as Answers from '../client/messages';
import type * as Connection from '../temporal/connection';
import type * as Deliveries from '../client/deliveries';
import type * as GrpcCode from '../temporal/grpc-code';
import type * as Listing from '../client/listing';
import type * as Overview from '../client/view';
import type * as Parked from '../client/listing';
import type * as Start from '../client/start';
import type * as PartnerCenterChecks from './doctor/partner-center-checks';
import type * as TemporalChecks from './doctor/temporal-checks';
import type * as FailureOf from './failure-of';

export const onDemand = {
  answers: () => require('../client/messages') as typeof Answers,
  checkRequest: () => require('../onboarding/request-schema') as typeof CheckRequest,
  config: () => require('../config') as typeof Config,
  connection: () => require('../temporal/connection') as typeof Connection,
  deliveries: () => require('../client/deliveries') as typeof Deliveries,
  failureOf: () => require('./failure-of') as typeof FailureOf,
  grpcCode: () => require('../temporal/grpc-code') as typeof GrpcCode,
  listing: () => require('../client/listing') as typeof Listing,
  overview: () => require('../client/view') as typeof Overview,
  parked: () => require('../client/listing') as typeof Parked,
  partnerCenterChecks: () => require('./doctor/partner-center-checks') as typeof PartnerCenterChecks,
  start: () => require('../client/start') as typeof Start,
  temporalChecks: () => require('./doctor/temporal-checks') as typeof TemporalChecks,
};
