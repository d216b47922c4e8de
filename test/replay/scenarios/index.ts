import type { Scenario } from '../scenario-context';
import { cancellations } from './cancellations';
import { deliveries } from './deliveries';
import { endings } from './endings';
import { outages } from './outages';
import { page } from './page';
import { refusals } from './refusals';

/** Every path through the workflows that later changes must leave as it is; the name is that of the history's file. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  ...endings,
  ...refusals,
  ...outages,
  ...cancellations,
  ...page,
  ...deliveries,
};
