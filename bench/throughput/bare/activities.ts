import axios from 'axios';
import { buildAttestation } from '../../../tools/test-bed/deals';

export type BareActivities = ReturnType<typeof createBareActivities>;

/** The product's two calls, with one token for all of them and without error handling. */
export function createBareActivities(baseUrl: string, token: string) {
  const http = axios.create({ baseURL: baseUrl, headers: { authorization: `Bearer ${token}` } });
  return {
    async createAttestation(customerId: string): Promise<string> {
      const { data } = await http.post<{ attestationId: string }>(
        '/v1/attestations/enhanced',
        buildAttestation(customerId),
      );
      return data.attestationId;
    },
    async createAgreement(customerId: string, attestationId: string): Promise<void> {
      await http.post(`/v1/customers/${customerId}/agreements`, {
        attestationId,
        templateId: '117a77b0-9360-443b-8795-c6dedc750cf9',
        dateAgreed: new Date().toISOString(),
        type: 'MicrosoftCustomerAgreement',
      });
    },
  };
}
