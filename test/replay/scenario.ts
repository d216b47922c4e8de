import type { OnboardingRequest } from '../../src/onboarding/request';
import type { OnboardingView } from '../../src/onboarding/view';
import type { Handle, Stage } from '../support/stage';

/** One way through the workflow, played for its history. */
export interface Scenario {
  /** `timeSkipping` where days pass, else the dev server: it is the production server in one process. */
  on: 'devServer' | 'timeSkipping';
  ends: OnboardingView['status'];
  /** Starts the run and does all that it needs to come to its end; the end itself is awaited by the caller. */
  play(cast: Cast): Promise<Handle>;
}

/** What a scenario is played with: a stage of which it has the simulator to itself, and names of its own. */
export interface Cast {
  stage: Stage;
  taskQueue: string;
  /** Starts the worker that every scenario but one about an outage needs. */
  startWorker(options?: Parameters<Stage['startWorker']>[1]): Promise<void>;
  attested(overrides?: Parameters<typeof import('../support/requests').attestedRequest>[0]): OnboardingRequest;
  vouched(): OnboardingRequest;
}
