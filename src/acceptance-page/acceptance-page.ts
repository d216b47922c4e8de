/// <reference types="@fastify/swagger" preserve="true" />
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AcceptanceLinks, LinkTarget } from '../onboarding/acceptance-link';
import type { OnboardingClient } from '../client/onboarding-client';
import type { Logger } from '../process/logging';
import { agreementView } from './agreement-view';
import { catalogues, isLanguage, languageFor, localeFor } from './language';
import { LinkedRuns, type Signatory } from './linked-run';
import { noticeView } from './notice-view';
import { type PageContext, renderPage, type View } from './page';
import type { PageState } from './page-state';
import { PressLimits } from './press-limits';

export interface AcceptancePageDependencies {
  onboardings: OnboardingClient;
  links: AcceptanceLinks;
  /** Microsoft's page, for example https://cdn.partner.microsoft.com/mca/. */
  acceptanceUrl: string;
  /** CSP sources of the sites that may show the page in a frame; empty: none may. */
  frameAncestors: string[];
  log: Logger;
}

/** Options of the page's routes: they are for the page alone, so the description of the API leaves them out. */
export const NOT_IN_API = { schema: { hide: true } };

/** A link that one of our keys has signed, and whom it speaks to. */
export interface OpenedLink {
  target: LinkTarget;
  signatory: Signatory;
  context: PageContext;
}

/** What the page's routes have in common. */
export class AcceptancePage {
  readonly runs: LinkedRuns;
  readonly limits = new PressLimits();
  readonly publicHost: string;

  constructor(readonly deps: AcceptancePageDependencies) {
    this.runs = new LinkedRuns(deps.onboardings);
    this.publicHost = new URL(deps.links.urlOf({ onboardingId: '', runId: '' })).host;
  }

  /** `undefined` for a link that leads nowhere. @throws what Temporal says instead of an answer */
  async open(request: FastifyRequest): Promise<OpenedLink | undefined> {
    const target = this.deps.links.read(tokenIn(request));
    const signatory = target && (await this.runs.signatoryOf(target));
    return target && signatory && { target, signatory, context: this.contextOf(request, target, signatory) };
  }

  /** How to show the page to whoever asks; without a known signatory the browser decides on the language. */
  contextOf(request: FastifyRequest, target?: LinkTarget, signatory?: Signatory): PageContext {
    const { lang } = request.query as { lang?: unknown };
    const chosen = isLanguage(lang) ? lang : undefined;
    const accepted = request.headers['accept-language'];
    const language = languageFor({ chosen, attested: signatory?.language, accepted });
    return {
      path: this.pathOf(tokenIn(request), target),
      messages: catalogues[language],
      locale: localeFor(language, signatory?.language),
      chosen,
    };
  }

  viewOf({ context, signatory }: OpenedLink, state: PageState, isStatementMissing?: boolean): View {
    const { acceptanceUrl } = this.deps;
    return state.kind === 'awaiting' || state.kind === 'ranOut'
      ? agreementView(context, signatory, state, { acceptanceUrl, isStatementMissing })
      : noticeView(context, signatory, state.kind);
  }

  show(reply: FastifyReply, status: number, context: PageContext, view: View): FastifyReply {
    return reply.code(status).type('text/html; charset=utf-8').send(renderPage(context, view));
  }

  /** Under the path of the public address, which a proxy may have taken away from what arrives here. */
  private pathOf(token: string, target: LinkTarget | undefined): string {
    if (target === undefined) return `/accept/${encodeURIComponent(token)}`;
    const { links } = this.deps;
    const { pathname } = new URL(links.urlOf(target));
    return pathname.slice(0, -links.tokenOf(target).length) + token;
  }
}

function tokenIn(request: FastifyRequest): string {
  return (request.params as { token: string }).token;
}
