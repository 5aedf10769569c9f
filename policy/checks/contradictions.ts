import { insuredTypes } from '../../domain/vocabulary.ts';
import type { Policy } from '../schema.ts';

/** A field that contradicts another one, and why. */
export interface Contradiction {
  path: PropertyKey[];
  message: string;
}

/**
 * Where a policy's numbers, people and materials contradict one another; its texts are checked in `texts.ts`. Each
 * value is right by itself: that is the schema's part.
 */
export function contradictions(policy: Policy): Contradiction[] {
  return [
    ...hours(policy),
    ...providers(policy),
    ...reminders(policy),
    ...people(policy),
    ...photos(policy),
    ...quotas(policy),
    ...benefits(policy),
  ];
}

/** The contradiction, if there is one. */
export function refuse(wrong: boolean, path: PropertyKey[], message: string): Contradiction[] {
  return wrong ? [{ path, message }] : [];
}

function hours({ clocks: { closesAt, remindsAt, ticketMinutes }, officeHours, notifying }: Policy): Contradiction[] {
  return [
    ...officeHours.flatMap(({ from }, index) => {
      const before = officeHours[index - 1];
      return refuse(
        before !== undefined && from < before.to,
        ['officeHours', index, 'from'],
        `begins before ${before?.to}`,
      );
    }),
    ...refuse(
      minutesOf(closesAt) + ticketMinutes > minutesOf('24:00'),
      ['clocks', 'ticketMinutes'],
      'must be over by midnight',
    ),
    ...refuse(officeHours.at(-1)?.to !== closesAt, ['clocks', 'closesAt'], 'must be when the office hours end'),
    ...refuse(
      !officeHours.some(({ from, to }) => from <= remindsAt && remindsAt < to),
      ['clocks', 'remindsAt'],
      'must lie within the office hours',
    ),
    ...refuse(
      notifying.briefingAt <= remindsAt,
      ['notifying', 'briefingAt'],
      `must come after clocks.remindsAt, ${remindsAt}, or reminders are read a day late`,
    ),
  ];
}

/** Minutes from midnight to a time `HH:MM`. */
function minutesOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number) as [number, number];
  return 60 * hours + minutes;
}

/** Whoever has uploaded nothing may upload a file of any size that is taken. */
function quotas({ materials: { maximumFileMegabytes, uploads } }: Policy): Contradiction[] {
  return (['applicant', 'clerk'] as const).flatMap((who) =>
    (['daily', 'unused'] as const).flatMap((which) =>
      refuse(
        uploads[who][which].megabytes < maximumFileMegabytes,
        ['materials', 'uploads', who, which, 'megabytes'],
        `has no room for a file of materials.maximumFileMegabytes, ${maximumFileMegabytes}`,
      ),
    ),
  );
}

/** Numbers of the mainland go to a provider abroad only by leave. */
function providers({ notifying: { smsProviders, abroad } }: Policy): Contradiction[] {
  return refuse(
    !abroad && smsProviders.every((name) => name === 'twilio'),
    ['notifying', 'smsProviders'],
    'nobody would get a 短信: twilio is abroad, and notifying.abroad is false',
  );
}

const windows = ['supplement', 'verification', 'resubmission', 'appeal'] as const;

/** Reminders go down, so it is the first that may come too early. */
function reminders({ clocks, accreditation, renewal }: Policy): Contradiction[] {
  const first = ({ reminders: [days = 0] }: { reminders: number[] }) => days;
  return [
    ...windows.flatMap((name) => {
      const { days } = clocks[name];
      return refuse(first(clocks[name]) >= days, ['clocks', name, 'reminders'], `must be less than the ${days} days`);
    }),
    ...refuse(
      first({ reminders: clocks.reviewerReminders }) >= clocks.workingDays,
      ['clocks', 'reviewerReminders'],
      `must be less than the ${clocks.workingDays} working days`,
    ),
    ...refuse(
      renewal.opensDaysBefore < first(accreditation),
      ['renewal', 'opensDaysBefore'],
      `people are reminded ${first(accreditation)} days before, when they can't renew yet`,
    ),
  ];
}

/** What the rules ask for, somebody has to be there to do. */
function people({ clocks, catalogue, staff }: Policy): Contradiction[] {
  const having = (...wanted: string[]) =>
    staff.filter(({ roles }) => roles.some((role) => wanted.includes(role))).length;
  return [
    // An escalation that reaches nobody would be as good as none.
    ...clocks.ladder.flatMap(({ notify }, index) =>
      refuse(having(notify) === 0, ['clocks', 'ladder', index, 'notify'], `no staff has the role ${notify}`),
    ),
    ...catalogue.flatMap(({ verification, fourEyes }, index) => [
      ...refuse(
        verification && having('clerk') === 0,
        ['catalogue', index, 'verification'],
        'no staff has the role clerk, who records it',
      ),
      ...refuse(
        fourEyes && having('reviewer', 'supervisor') < 2,
        ['catalogue', index, 'fourEyes'],
        'takes two staff with the role reviewer or supervisor',
      ),
    ]),
  ];
}

function photos({ catalogue, materials }: Policy): Contradiction[] {
  const asked = materials.asked.new.includes('photo');
  return catalogue.flatMap(({ photo }, index) =>
    refuse(photo && !asked, ['catalogue', index, 'photo'], 'materials.asked.new has no photo'),
  );
}

/** With age more is paid, never less (随年龄递增); a tier's ratio lies within that of all. */
function benefits({ benefit }: Policy): Contradiction[] {
  return insuredTypes.flatMap((insured) => {
    const { ratio, byAge = [], byTier = {} } = benefit[insured];
    const [least, most] = ratio;
    const falling = byAge.flatMap((band, index) => {
      const before = byAge[index - 1]?.ratio ?? ratio;
      const less = band.ratio[0] < before[0] || band.ratio[1] < before[1];
      return refuse(less, ['benefit', insured, 'byAge', index, 'ratio'], `falls with age, from ${before.join('–')}`);
    });
    const outside = Object.entries(byTier).flatMap(([tier, [from, to]]) =>
      refuse(from < least || to > most, ['benefit', insured, 'byTier', tier], `lies outside ${least}–${most}`),
    );
    return [...falling, ...outside];
  });
}
