import type { Command } from 'commander';
import { type PublicView, toPublicView } from '../../onboarding/view';
import { dealArgument } from '../arguments';
import { alignColumns, alignLabels, formatUtc } from '../output';
import type { Report, CommandRunner, Session } from '../session';

export function addStatusCommand(program: Command, run: CommandRunner): void {
  program
    .command('status')
    .description('show the state of a deal’s onboarding')
    .addArgument(dealArgument())
    .action((deal: string) => run((session) => status(session, deal)));
}

async function status(session: Session, deal: string): Promise<Report> {
  const view = toPublicView(await session.call((onboardings) => onboardings.view(deal)));
  return {
    text: describeView(view),
    json: view,
    warning: view.partial
      ? 'No worker answered: this is what Temporal has stored, without rounds, acceptance and history.'
      : undefined,
  };
}

export function describeView(view: PublicView): string {
  const { result, decline, problem } = view;
  const parts = alignLabels([
    ['Deal', view.dealId],
    ['Reseller', view.resellerId],
    ['Customer', view.customerId],
    ['Status', view.status],
    ['Reason', view.attentionReason && `${view.attentionReason}: waiting for an operator`],
    ['Attempt', String(view.attempt)],
    ['Created', formatUtc(view.createdAt)],
    ['Accept by', view.acceptBy && formatUtc(view.acceptBy)],
    ['Attestation', describeAttestation(view)],
    ['Acceptance', describeAcceptance(view)],
    [
      'Declined',
      decline && `${formatUtc(decline.declinedAt)}, ${decline.code}${decline.comment ? `: ${decline.comment}` : ''}`,
    ],
    ['Problem', problem && describeProblem(problem)],
    ['Retries at', view.nextRetryAt && formatUtc(view.nextRetryAt)],
    ['Agreement', describeAgreement(result)],
    ['Correlation', result?.correlationId ?? problem?.correlationId],
    ['Ended', view.completedAt && formatUtc(view.completedAt)],
    ['Check', view.agreementMayExist ? 'the agreement may exist: look the customer up in Partner Center' : undefined],
  ]);
  const fieldErrors = Object.entries(problem?.errors ?? {}).map(([field, texts]) => ['', field, texts.join('; ')]);
  const metadata = Object.entries(view.metadata ?? {}).map(([name, value]) => ['', name, value]);
  const history = view.history.map(({ at, status: past }) => ['', formatUtc(at), past]);
  return [parts, section('Rejected fields', fieldErrors), section('Metadata', metadata), section('History', history)]
    .filter((text) => text !== '')
    .join('\n');
}

function section(title: string, rows: string[][]): string {
  return rows.length === 0 ? '' : `${title}\n${alignColumns(rows)}`;
}

function describeAttestation({ attestation }: PublicView): string | undefined {
  if (!attestation) return undefined;
  const { round, live, expiresAt } = attestation;
  return `round ${round}, ${live ? 'valid' : 'no longer valid'}, expiry ${formatUtc(expiresAt)}`;
}

function describeAcceptance({ acceptance, acceptedAt }: PublicView): string | undefined {
  if (acceptedAt === undefined) return undefined;
  const origin = acceptance?.source === undefined ? '' : `, reported by ${acceptance.source}`;
  const actor = acceptance?.actor === undefined ? '' : ` (${acceptance.actor})`;
  return `${formatUtc(acceptedAt)}${origin}${actor}`;
}

function describeProblem({ title, type, status: httpStatus, code, at }: NonNullable<PublicView['problem']>): string {
  const codes = [type, httpStatus && `HTTP ${httpStatus}`, code && `code ${code}`].filter(Boolean);
  return `${title} (${codes.join(', ')}; ${formatUtc(at)})`;
}

function describeAgreement(result: PublicView['result']): string | undefined {
  if (!result?.agreement) return undefined;
  const { type, dateAgreed, templateId } = result.agreement;
  return `${type}, agreed ${formatUtc(dateAgreed)}, template ${templateId}`;
}
