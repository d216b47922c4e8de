/// <reference types="@fastify/swagger" preserve="true" />
import { WorkflowNotFoundError } from '@temporalio/client';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OnboardingClient } from '../client/onboarding-client';
import type { AcceptanceLinks, LinkTarget } from '../onboarding/acceptance-link';
import type { Logger } from '../process/logging';
import { agreementView } from './agreement-view';
import { type PageContext, renderPage, type View } from './document';
import { chooseLanguage, chooseLocale, isLanguage, locales } from './language';
import { LinkedRuns, type Signatory } from './linked-runs';
import { noticeView, unknownLinkView } from './notice-view';
import type { PageState } from './page-state';

export interface AcceptancePageDependencies {
  onboardings: OnboardingClient;
  links: AcceptanceLinks;
  /** Microsoft's page, for example https://cdn.partner.microsoft.com/mca/. */
  microsoftPageUrl: string;
  /** CSP sources of the sites that may show the page in a frame; empty: none may. */
  frameAncestors: string[];
  log: Logger;
}

/** Options of the page's routes, which the description of the API leaves out. */
export const NOT_IN_API = { schema: { hide: true } };

/** A valid link, its signatory, and how to show the page to them. */
export interface OpenedLink {
  target: LinkTarget;
  signatory: Signatory;
  context: PageContext;
}

/** What the page's routes share. */
export class AcceptancePage {
  readonly runs: LinkedRuns;
  readonly publicHost: string;
  /** The path of the public URL without the token; a reverse proxy may strip part of it from requests. */
  private readonly publicPath: string;

  constructor(readonly deps: AcceptancePageDependencies) {
    this.runs = new LinkedRuns(deps.onboardings);
    const { host, pathname } = new URL(deps.links.getUrl({ onboardingId: '', runId: '' }));
    this.publicHost = host;
    this.publicPath = pathname.slice(0, pathname.lastIndexOf('/') + 1);
  }

  /** @throws WorkflowNotFoundError for a link that is not signed by us, or whose run is unknown or has no signatory. */
  async open(request: FastifyRequest): Promise<OpenedLink> {
    const target = this.deps.links.parseToken(getToken(request));
    const signatory = target && (await this.runs.getSignatory(target));
    if (!signatory)
      throw new WorkflowNotFoundError('The link does not belong to a run with a signatory.', '', undefined);
    return { target, signatory, context: this.buildContext(request, signatory) };
  }

  /** Without a known signatory the browser decides on the language. */
  buildContext(request: FastifyRequest, signatory?: Signatory): PageContext {
    const { lang } = request.query as { lang?: unknown };
    const chosen = isLanguage(lang) ? lang : undefined;
    const attested = signatory?.language;
    const language = chooseLanguage({ chosen, attested, accepted: request.headers['accept-language'] });
    return {
      path: this.publicPath + encodeURIComponent(getToken(request)),
      language,
      messages: locales[language],
      locale: chooseLocale(language, attested),
      chosen,
    };
  }

  buildView({ context, signatory }: OpenedLink, state: PageState, isStatementMissing?: boolean): View {
    const { microsoftPageUrl } = this.deps;
    return state.kind === 'awaiting' || state.kind === 'ranOut'
      ? agreementView({ context, signatory, state, microsoftPageUrl, isStatementMissing })
      : noticeView(context, signatory, state.kind);
  }

  show(reply: FastifyReply, status: number, context: PageContext, view: View): FastifyReply {
    return reply.code(status).type('text/html; charset=utf-8').send(renderPage(context, view));
  }

  showUnknownLink(request: FastifyRequest, reply: FastifyReply, status: 403 | 404): FastifyReply {
    const context = this.buildContext(request);
    return this.show(reply, status, context, unknownLinkView(context));
  }
}

function getToken(request: FastifyRequest): string {
  return (request.params as { token: string }).token;
}
