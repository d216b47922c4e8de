import type { AttestedRequest } from '../../src/onboarding/request';
import type { AcceptanceReply, CrmApi } from '../../tools/test-bed/crm-api';

export interface FailedCall {
  at: number;
  call: keyof Omit<CrmApi, 'close'>;
  /** The error code of the connection, or the error message. */
  what: string;
}

/** Passes calls on and records every failure, before the caller repeats the call. */
export class RecordingCrmApi implements CrmApi {
  readonly failures: FailedCall[] = [];
  calls = 0;

  constructor(private readonly crmApi: CrmApi) {}

  start(request: AttestedRequest): Promise<void> {
    return this.record('start', () => this.crmApi.start(request));
  }

  getAttestationId(dealId: string): Promise<string | undefined> {
    return this.record('getAttestationId', () => this.crmApi.getAttestationId(dealId));
  }

  reportAcceptance(dealId: string, acceptanceId: string): Promise<AcceptanceReply> {
    return this.record('reportAcceptance', () => this.crmApi.reportAcceptance(dealId, acceptanceId));
  }

  close(): Promise<void> {
    return this.crmApi.close();
  }

  private async record<T>(call: FailedCall['call'], make: () => Promise<T>): Promise<T> {
    this.calls += 1;
    try {
      return await make();
    } catch (error) {
      const { message, cause } = error as { message: string; cause?: { code?: string } };
      this.failures.push({ at: Date.now(), call, what: cause?.code ?? message });
      throw error;
    }
  }
}
