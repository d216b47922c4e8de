import { checkCallbackUrl, type CallbackSettings } from '../../../src/webhooks/callback-url';

describe('the allow-list of callback URLs', () => {
  const settings: Pick<CallbackSettings, 'allowedHosts' | 'allowPrivate'> = {
    allowedHosts: [{ host: 'crm.example' }, { host: 'hooks.example', port: 8443 }, { host: '10.0.0.7' }],
    allowPrivate: false,
  };

  test.each([
    ['https://crm.example/hook', undefined],
    ['https://CRM.example./hook?x=1', undefined],
    ['https://crm.example:443/hook', undefined],
    ['https://hooks.example:8443/', undefined],
    ['https://crm.example:8443/', 'portNotAllowed'],
    ['https://hooks.example/', 'portNotAllowed'],
    ['https://evil.example/', 'hostNotAllowed'],
    ['https://crm.example.evil.example/', 'hostNotAllowed'],
    ['https://sub.crm.example/', 'hostNotAllowed'],
    ['https://crm.example@evil.example/', 'credentialsInUrl'],
    ['https://user:word@crm.example/', 'credentialsInUrl'],
    ['http://crm.example/', 'notHttps'],
    ['file:///etc/passwd', 'notHttps'],
    ['https://10.0.0.7/', 'privateAddress'],
    ['https://0x0a000007/', 'privateAddress'],
    ['crm.example/hook', 'notAUrl'],
  ])('%s: %s', (url, refusal) => {
    expect(checkCallbackUrl(url, settings)).toBe(refusal);
  });

  test('plain http and private addresses are allowed only by the setting, and only for hosts on the list', () => {
    const relaxed = { ...settings, allowPrivate: true };
    expect(checkCallbackUrl('http://10.0.0.7/', relaxed)).toBeUndefined();
    expect(checkCallbackUrl('http://10.0.0.8/', relaxed)).toBe('hostNotAllowed');
    expect(checkCallbackUrl('ftp://10.0.0.7/', relaxed)).toBe('notHttps');
  });
});
