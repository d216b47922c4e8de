import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { agreementView } from '../../../src/acceptance-page/agreement-view';
import { type PageContext, renderPage, type View } from '../../../src/acceptance-page/document';
import { securityHeaders } from '../../../src/acceptance-page/headers';
import { type Language, locales } from '../../../src/acceptance-page/language';
import {
  notSavedView,
  noticeView,
  tooOftenView,
  unavailableView,
  unknownLinkView,
} from '../../../src/acceptance-page/notice-view';
import { type NoticeKind, notices } from '../../../src/acceptance-page/page-state';

const ORIGIN = 'http://page.test';
const MICROSOFT_PAGE_URL = 'http://microsoft.test/mca/';

/** Every view of the page under a name, in one language. */
export function renderEveryView(language: Language): Record<string, string> {
  const context: PageContext = { path: '/accept/token', language, messages: locales[language], locale: language };
  const signatory = { name: 'Renée Müller-Lüdenscheidt', company: 'Contoso Größe & Söhne GmbH', language };
  const open = { round: 1, linkEnd: '2026-12-24T18:30:00Z', remainingMs: 200_000, acceptanceKey: '1' };
  const window = { attestationId: randomUUID(), expiresAt: '2026-11-24T18:30:00Z', isRenewable: true };
  const page = { context, signatory, microsoftPageUrl: MICROSOFT_PAGE_URL };
  const awaiting = { kind: 'awaiting' as const, ...open, ...window, isRefused: false };
  const ranOut = { kind: 'ranOut' as const, ...open, isRefused: false };
  const forms: Record<string, View> = {
    awaiting: agreementView({ ...page, state: awaiting }),
    refused: agreementView({ ...page, state: { ...awaiting, isRefused: true } }),
    statementMissing: agreementView({ ...page, state: awaiting, isStatementMissing: true }),
    ranOut: agreementView({ ...page, state: ranOut }),
    ranOutRefused: agreementView({ ...page, state: { ...ranOut, isRefused: true } }),
  };
  const noticeViews = Object.fromEntries(
    (Object.keys(notices) as NoticeKind[]).map((kind) => [kind, noticeView(context, signatory, kind)]),
  );
  const errorViews = {
    unknownLink: unknownLinkView(context),
    unavailable: unavailableView(context),
    tooOften: tooOftenView(context),
    notSaved: notSavedView(context, '/accepted', { round: '1', acceptanceId: randomUUID() }),
  };
  return Object.fromEntries(
    Object.entries({ ...forms, ...noticeViews, ...errorViews }).map(([name, view]) => [
      name,
      renderPage(context, view),
    ]),
  );
}

/**
 * Shows markup with the page's own headers. Microsoft's window shows a placeholder, and all other requests to the page
 * fail.
 */
export async function showMarkup(page: Page, markup: string): Promise<void> {
  await page.unrouteAll();
  await page.route(`${ORIGIN}/**`, (route) => {
    const isPage = route.request().resourceType() === 'document';
    const headers = { ...securityHeaders(MICROSOFT_PAGE_URL, []), 'content-type': 'text/html; charset=utf-8' };
    return isPage ? route.fulfill({ headers, body: markup }) : route.abort();
  });
  await page.route('http://microsoft.test/**', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: '<!doctype html><html lang="en"><title>Agreement</title><p>…</p>',
    }),
  );
  await page.goto(`${ORIGIN}/accept/token`);
}
