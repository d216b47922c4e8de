import { testEveryAnswerTo } from './call-cells';

describe('Create Attestation is answered with', () => testEveryAnswerTo('attestation'));
