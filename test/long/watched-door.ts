import type { Door, ReportAnswer } from '../../bench/stack/door';
import type { AttestedRequest } from '../../src/onboarding/request';

export interface FailedCall {
  at: number;
  call: keyof Omit<Door, 'close'>;
  /** The code of the connection's error, or what the answer was. */
  what: string;
}

/** The door of a CRM that notes every call that fails, before the CRM tries it again. */
export class WatchedDoor implements Door {
  readonly failures: FailedCall[] = [];
  calls = 0;

  constructor(private readonly door: Door) {}

  start(request: AttestedRequest): Promise<void> {
    return this.watched('start', () => this.door.start(request));
  }

  attestationOf(dealId: string): Promise<string | undefined> {
    return this.watched('attestationOf', () => this.door.attestationOf(dealId));
  }

  reportAcceptance(dealId: string, acceptanceId: string): Promise<ReportAnswer> {
    return this.watched('reportAcceptance', () => this.door.reportAcceptance(dealId, acceptanceId));
  }

  close(): Promise<void> {
    return this.door.close();
  }

  private async watched<T>(call: FailedCall['call'], make: () => Promise<T>): Promise<T> {
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
