import type { PublicView } from '../onboarding/view';
import { alignColumns, labelled } from './columns';
import { utc } from './times';

/** A view as text for people. */
export function describeView(view: PublicView): string {
  const { result, decline, problem } = view;
  const parts = labelled([
    ['Deal', view.dealId],
    ['Reseller', view.resellerId],
    ['Customer', view.customerId],
    ['Status', view.status],
    ['Waits for', view.attentionReason && `a human: ${view.attentionReason}`],
    ['Attempt', String(view.attempt)],
    ['Created', utc(view.createdAt)],
    ['Accept by', view.acceptBy && utc(view.acceptBy)],
    ['Attestation', describeAttestation(view)],
    ['Acceptance', describeAcceptance(view)],
    [
      'Declined',
      decline && `${utc(decline.declinedAt)}, ${decline.code}${decline.comment ? `: ${decline.comment}` : ''}`,
    ],
    ['Problem', problem && describeProblem(problem)],
    ['Next try', view.nextRetryAt && utc(view.nextRetryAt)],
    ['Agreement', describeAgreement(result)],
    ['Correlation', result?.correlationId ?? problem?.correlationId],
    ['Ended', view.completedAt && utc(view.completedAt)],
    ['Check', view.agreementMayExist ? 'the agreement may exist: look the customer up in Partner Center' : undefined],
  ]);
  const fieldErrors = Object.entries(problem?.errors ?? {}).map(([field, texts]) => ['', field, texts.join('; ')]);
  const metadata = Object.entries(view.metadata ?? {}).map(([name, value]) => ['', name, value]);
  const history = view.history.map(({ at, status }) => ['', utc(at), status]);
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
  return `round ${round}, ${live ? 'live until' : 'no longer live, its end:'} ${utc(expiresAt)}`;
}

function describeAcceptance({ acceptance, acceptedAt }: PublicView): string | undefined {
  if (acceptedAt === undefined) return undefined;
  const origin = acceptance?.source === undefined ? '' : `, told by ${acceptance.source}`;
  const actor = acceptance?.actor === undefined ? '' : ` (${acceptance.actor})`;
  return `${utc(acceptedAt)}${origin}${actor}`;
}

function describeProblem({ title, type, status, code, at }: NonNullable<PublicView['problem']>): string {
  const codes = [
    type,
    status === undefined ? undefined : `HTTP ${status}`,
    code === undefined ? undefined : `code ${code}`,
  ];
  return `${title} (${codes.filter((text) => text !== undefined).join(', ')}; ${utc(at)})`;
}

function describeAgreement(result: PublicView['result']): string | undefined {
  const agreement = result?.agreement;
  if (!agreement) return undefined;
  return `${agreement.type}, agreed ${utc(agreement.dateAgreed)}, template ${agreement.templateId}`;
}
