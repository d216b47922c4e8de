import { type Environment, readWorkerConfig } from '../../config';
import { createPartnerCenter, type PartnerCenterSettings, TokenError } from '../../partner-center';
import { createHttpClient, NoAnswer } from '../../partner-center/http';
import { type Check, fault, ok, toConfigurationFaults } from './check';

const REACH_TIMEOUT_MS = 5_000;
const MAX_BODY_BYTES = 1_048_576;

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
  const http = createHttpClient();
  try {
    // Any answer shows that it can be reached, also one that refuses a request without a token.
    const request = {
      method: 'GET',
      url: baseUrl,
      headers: {},
      timeoutMs: REACH_TIMEOUT_MS,
      maxBodyBytes: MAX_BODY_BYTES,
    };
    await http.send(request as Parameters<typeof http.send>[0]);
    return ok(name, 'can be reached');
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    if (error.reason === 'bodyTooLong' || error.reason === 'cutShort') return ok(name, 'can be reached');
    const why = error.reason === 'timedOut' ? 'timed out' : (error.networkCode ?? 'disconnected');
    return fault(name, `cannot be reached (${why})`, 'check PARTNER_CENTER_BASE_URL, DNS and the firewall');
  } finally {
    http.close();
  }
}
