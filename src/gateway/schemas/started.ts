/** The answers to a start and a restart. */
import { z } from 'zod';
import { onboardingSchema, statusSchema } from './onboarding';

export const linksSchema = z
  .object({
    self: z.string(),
    acceptance: z.string(),
    frame: z.string(),
    link: z.string(),
    decline: z.string(),
    cancel: z.string(),
    retry: z.string(),
    restart: z.string(),
  })
  .meta({ id: 'OnboardingLinks', description: 'Paths of the onboarding and of what can be done with it.' });

const fieldNote = z.object({ pointer: z.string(), detail: z.string() }).meta({ id: 'FieldNote' });

const started = {
  id: z.string().meta({ description: 'dealId, or resellerId:dealId for a reseller’s deal.' }),
  status: statusSchema,
  attempt: z.int(),
  acceptanceUrl: z.string().meta({ description: 'The page for the signatory; absent once ended.' }).optional(),
  links: linksSchema,
  warnings: z.array(fieldNote).meta({ description: 'What will work, but perhaps not as meant.' }).optional(),
};

export const startedSchema = z.object(started).meta({ id: 'StartedOnboarding' });

export const knownSchema = z
  .object({
    ...started,
    ignored: z.array(z.string()).meta({ description: 'Members that differ and stay as they were first sent.' }),
    onboarding: onboardingSchema,
  })
  .meta({ id: 'KnownOnboarding' });
