import { testEveryAnswerTo } from './call-cells';

describe('Create Agreement is answered with', () => testEveryAnswerTo('agreement'));
