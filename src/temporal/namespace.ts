import type { Connection } from '@temporalio/client';
import {
  encodeSearchAttributeIndexedValueType,
  type SearchAttributeType,
} from '@temporalio/common/lib/search-attributes';
import { msToTs } from '@temporalio/common/lib/time';
import { grpcCode } from './grpc-code';
import { searchAttributeKeys } from './search-attributes';

/** What both kinds of connection offer: the client's and the worker's. */
export type Services = Pick<Connection, 'operatorService' | 'workflowService'>;

/** Counted from the close of a run. Until then a deal can be looked up, and sending it again does not restart it. */
export const RETENTION_DAYS = 90;
export const MIN_RETENTION_DAYS = 35;

const SECONDS_PER_DAY = 86_400;

/**
 * The search attributes that the namespace lacks or holds with another type, one sentence each. `undefined` where the
 * server does not list them (Temporal Cloud offers no operator service to clients).
 */
export async function findSearchAttributeFaults(services: Services, namespace: string): Promise<string[] | undefined> {
  const registered = await readSearchAttributes(services, namespace);
  if (registered === undefined) return undefined;
  return searchAttributeKeys.flatMap(({ name, type }) => {
    const found = registered[name];
    if (found === undefined) return [`search attribute ${name} (${type}) is not registered`];
    return found === toIndexedType(type)
      ? []
      : [`search attribute ${name} is registered with another type than ${type}`];
  });
}

/** Registers what is missing; returns the names it added. */
export async function registerSearchAttributes(services: Services, namespace: string): Promise<string[]> {
  const registered = (await readSearchAttributes(services, namespace)) ?? {};
  const missing = searchAttributeKeys.filter(({ name }) => registered[name] === undefined);
  if (missing.length === 0) return [];
  const searchAttributes = Object.fromEntries(missing.map(({ name, type }) => [name, toIndexedType(type)]));
  await services.operatorService
    .addSearchAttributes({ namespace, searchAttributes })
    .catch(unlessCode(grpcCode.alreadyExists));
  return missing.map(({ name }) => name);
}

/** Days for which closed runs are kept; `undefined` if there is no such namespace. */
export async function readRetentionDays({ workflowService }: Services, namespace: string): Promise<number | undefined> {
  const described = await workflowService.describeNamespace({ namespace }).catch(unlessCode(grpcCode.notFound));
  if (!described) return undefined;
  return Number(described.config?.workflowExecutionRetentionTtl?.seconds ?? 0) / SECONDS_PER_DAY;
}

/** Creates the namespace if it does not exist; lengthens a retention below RETENTION_DAYS, and never shortens one. */
export async function ensureNamespace(services: Services, namespace: string) {
  const workflowExecutionRetentionPeriod = msToTs(`${RETENTION_DAYS} days`);
  const present = await readRetentionDays(services, namespace);
  if (present === undefined) {
    await services.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod });
    return 'created';
  }
  if (present >= RETENTION_DAYS) return 'kept';
  await services.workflowService.updateNamespace({
    namespace,
    config: { workflowExecutionRetentionTtl: workflowExecutionRetentionPeriod },
  });
  return 'lengthened';
}

async function readSearchAttributes({ operatorService }: Services, namespace: string) {
  const listed = await operatorService
    .listSearchAttributes({ namespace })
    .catch(unlessCode(grpcCode.unimplemented, grpcCode.permissionDenied));
  return listed?.customAttributes;
}

function toIndexedType(type: SearchAttributeType) {
  return encodeSearchAttributeIndexedValueType(type)!; // defined for every type; only `undefined` has no encoding
}

function unlessCode(...codes: number[]): (error: unknown) => undefined {
  return (error) => {
    const { code } = error as { code?: unknown };
    if (typeof code !== 'number' || !codes.includes(code)) throw error;
    return undefined;
  };
}
