import { type Environment, readWorkerConfig } from '../../config';
import { createPartnerCenter, type PartnerCenterSettings, TokenError } from '../../partner-center';
import { type Check, fault, ok, toConfigurationFaults } from './check';

const REACH_TIMEOUT_MS = 5_000;

/** Whether the worker's settings are complete, Microsoft Entra issues a token for them, and Partner Center can be reached. */
export async function checkPartnerCenter(environment: Environment): Promise<Check[]> {
  let settings: PartnerCenterSettings;
  try {
    settings = readWorkerConfig(environment).partnerCenter;
  } catch (error) {
    return toConfigurationFaults('Configuration', error);
  }
  return [
    ok('Configuration', 'complete'),
    ...(await Promise.all([checkCredentials(settings), checkReachability(settings.baseUrl)])),
  ];
}

async function checkCredentials(settings: PartnerCenterSettings): Promise<Check> {
  const name = 'Credentials';
  let partnerCenter;
  try {
    partnerCenter = createPartnerCenter(settings);
  } catch (error) {
    return fault(name, (error as Error).message); // names the variable, never its value
  }
  try {
    await partnerCenter.checkCredentials();
    return ok(name, 'Microsoft Entra has issued a token');
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    if (error.kind === 'refused') return fault(name, error.message);
    return fault(name, error.message, 'check the network to Microsoft Entra (or ENTRA_TOKEN_ENDPOINT), and try again');
  } finally {
    partnerCenter.close();
  }
}

async function checkReachability(baseUrl: string): Promise<Check> {
  const name = `Partner Center ${new URL(baseUrl).origin}`;
  try {
    // Any answer shows that it can be reached, also one that refuses a request without a token.
    const answer = await fetch(baseUrl, { redirect: 'manual', signal: AbortSignal.timeout(REACH_TIMEOUT_MS) });
    await answer.body?.cancel().catch(() => undefined);
    return ok(name, 'can be reached');
  } catch (error) {
    const { name: kind, cause } = error as { name: string; cause?: { code?: string } };
    const why = kind === 'TimeoutError' ? 'timed out' : (cause?.code ?? 'disconnected');
    return fault(name, `cannot be reached (${why})`, 'check PARTNER_CENTER_BASE_URL, DNS and the firewall');
  }
}
