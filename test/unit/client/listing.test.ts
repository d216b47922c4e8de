import { buildVisibilityQuery } from '../../../src/client/listing';

test('a list without filters is of onboardings only', () => {
  expect(buildVisibilityQuery({})).toBe("WorkflowType = 'agreementOnboarding'");
});

test('all filters must match, and a customer matches in any spelling of its GUID', () => {
  expect(
    buildVisibilityQuery({
      status: 'needsAttention',
      attentionReason: 'access',
      customerId: '0B2A4F1E-6C1D-4F0E-9C59-2F7F6D1A8E35',
      campaignId: '2026',
      resellerId: 'fabrikam',
      startedAfter: new Date('2026-11-24T00:00:00Z'),
      closedAfter: new Date('2026-11-25T00:00:00Z'),
    }).split(' AND '),
  ).toEqual([
    "WorkflowType = 'agreementOnboarding'",
    "OnboardingStatus = 'needsAttention'",
    "ExecutionStatus IN ('Running', 'Completed')",
    "AttentionReason = 'access'",
    "CustomerId = '0b2a4f1e-6c1d-4f0e-9c59-2f7f6d1a8e35'",
    "CampaignId = '2026'",
    "ResellerId = 'fabrikam'",
    "StartTime >= '2026-11-24T00:00:00.000Z'",
    "CloseTime >= '2026-11-25T00:00:00.000Z'",
  ]);
});

test('runs ended from outside are found by Temporal’s close status, because they could not set their own status', () => {
  expect(buildVisibilityQuery({ status: 'failed' })).toContain(
    "ExecutionStatus IN ('Failed', 'Terminated', 'TimedOut')",
  );
  expect(buildVisibilityQuery({ status: 'cancelled' })).toContain("ExecutionStatus IN ('Canceled')");
});

test('a value cannot leave its quotes', () => {
  expect(buildVisibilityQuery({ campaignId: "x' OR 'a' = 'a" })).toContain(
    String.raw`CampaignId = 'x\' OR \'a\' = \'a'`,
  );
  expect(buildVisibilityQuery({ campaignId: String.raw`x\' OR 1 = 1` })).toContain(
    String.raw`CampaignId = 'x\\\' OR 1 = 1'`,
  );
});
