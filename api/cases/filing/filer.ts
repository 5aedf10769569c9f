import { filesOwnAtWindow } from '../../../domain/cases/access.ts';
import { isSameName } from '../../../domain/people/person.ts';
import type { Channel } from '../../../domain/vocabulary.ts';
import type { Keyring } from '../../../store/encryption/keyring.ts';
import type { User } from '../../http/auth.ts';
import { type FieldError, Problem, problems } from '../../http/errors.ts';
import type { FilingBody } from '../requests.ts';

/** Whom a form names, as far as it can be read. */
interface NamedPeople {
  applicant: NamedSomebody;
  agent?: NamedSomebody | undefined;
}
interface NamedSomebody {
  name?: string | undefined;
  /** Empty or `unreadable` where it can't be one. */
  idNumber: string;
}

/**
 * The channel of a filing: that of the app by which its token was issued, or the window for a clerk.
 * @param claimed what the body says, which may be nothing
 * @throws Problem 403 where the body says otherwise
 */
export function channelOf(claimed: Channel | undefined, { channel = 'window' }: User): Channel {
  if (claimed === undefined || claimed === channel) return channel;
  const detail = '窗口申请由窗口人员录入,其他渠道的申请由申请人在该渠道登录后提交。';
  throw new Problem(403, 'channel-not-yours', detail);
}

/**
 * Online a person files for themselves, or as the agent whom the form names: nobody learns from an answer how somebody
 * else is insured, has 短信 sent to them, or holds up what they apply for. At the window the clerk sees who is there.
 * @throws Problem 403
 */
export function assertTheirs(channel: Channel, { applicant, agent }: NamedPeople, { person }: User): void {
  if (channel === 'window') return;
  // What can't be read is complained of with the rest of the form.
  const unreadable = ['', 'unreadable'];
  const named = [applicant.idNumber, agent?.idNumber];
  if (!person || named.some((idNumber) => idNumber !== undefined && unreadable.includes(idNumber))) return;
  if (named.includes(person.idNumber)) return;
  const detail = '只能为本人申请;为他人代办的,请在“代办人”中填写您本人的信息,或到窗口办理。';
  throw new Problem(403, 'not-yours-to-file', detail);
}

/** @throws Problem 403 for a clerk who is the applicant or the agent: they would vouch for their own papers */
export function assertNotOwnAtWindow(keyring: Keyring, { channel, applicant, agent }: FilingBody, user: User): void {
  const agentHash = agent ? keyring.hash(agent.idNumber) : null;
  const filing = { channel, idNumberHash: keyring.hash(applicant.idNumber), agentHash };
  if (filesOwnAtWindow(user, filing)) throw problems.ownCase();
}

/** Errors where who files is named otherwise than their app has verified (信息要一致). */
export function verifiedNameErrors(people: NamedPeople, { person }: User): FieldError[] {
  return (['applicant', 'agent'] as const).flatMap((who) => {
    const named = people[who];
    if (!person || named?.idNumber !== person.idNumber || named.name === undefined) return [];
    if (isSameName(named.name, person.name)) return [];
    const detail = '姓名与实名认证的不一致,请按身份证填写;身份证上的姓名已变更的,请先在申请渠道重新实名认证。';
    return [{ field: `${who}.name`, code: 'notAsVerified', detail }];
  });
}
