import { describe, expect, it } from '@jest/globals';
import { type Arrangement, addWorkingDays, withArrangements } from '../../../domain/calendar/working-days.ts';
import { addDays } from '../../../domain/dates.ts';
import { estimatedArrangement, publishedArrangement } from '../../../policy/calendar/arrangements.ts';
import { stateCouncil } from '../../harness/rules/calendars.ts';

/** The acceptance dates of a year whose due dates lie in it. */
function acceptedIn(year: number): string[] {
  const dates: string[] = [];
  for (let date = `${year}-01-01`; date <= `${year}-11-30`; date = addDays(date, 1)) dates.push(date);
  return dates;
}

/** The due dates, had the year been estimated, with these days off. */
function guesses(year: number, daysOff: Record<string, string>): (acceptedOn: string) => string {
  const estimated: Arrangement = { ...publishedArrangement(year), daysOff, makeUpDays: {}, basis: 'estimated' };
  const calendar = withArrangements(stateCouncil, [estimated]);
  return (acceptedOn) => addWorkingDays(calendar, acceptedOn, 15);
}
const right = (acceptedOn: string) => addWorkingDays(stateCouncil, acceptedOn, 15);

/** The estimate, and without the substitute days of article 6. */
function estimates(year: number) {
  const { daysOff } = estimatedArrangement(year);
  const bare = Object.entries(daysOff).filter(([, name]) => !name.endsWith('补假'));
  return { bare: guesses(year, Object.fromEntries(bare)), whole: guesses(year, daysOff) };
}

/** How many acceptance dates get the right due date, one that is too early, and one that is too late. */
function outcomes(year: number, guess: (acceptedOn: string) => string): number[] {
  const counts = [0, 0, 0] as [number, number, number];
  for (const date of acceptedIn(year)) {
    const [guessed, due] = [guess(date), right(date)];
    if (guessed === due) counts[0] += 1;
    else counts[guessed < due ? 1 : 2] += 1;
  }
  return counts;
}

const years = [2020, 2021, 2022, 2023, 2024, 2025, 2026];

describe('an estimate, had there been no circular', () => {
  it.each([
    [2020, [226, 85, 24], [256, 52, 27]],
    [2021, [213, 93, 28], [266, 37, 31]],
    [2022, [243, 73, 18], [293, 23, 18]],
    [2023, [249, 63, 22], [292, 20, 22]],
    [2024, [253, 49, 33], [264, 38, 33]],
    [2025, [261, 57, 16], [282, 36, 16]],
    [2026, [225, 84, 25], [269, 40, 25]],
  ])('for %d: exact, early, late %j without article 6, %j with it', (year, without, withIt) => {
    const { bare, whole } = estimates(year);
    expect([outcomes(year, bare), outcomes(year, whole)]).toEqual([without, withIt]);
  });

  it('comes late by article 6 only where the date is a make-up Sunday, which was two days early without it', () => {
    const newlyLate = years.flatMap((year) => {
      const { bare, whole } = estimates(year);
      return acceptedIn(year)
        .filter((date) => whole(date) > right(date) && bare(date) <= right(date))
        .map((date) => [date, bare(date), right(date), whole(date)].join(' '));
    });
    expect(newlyLate).toEqual([
      '2020-04-03 2020-04-24 2020-04-26 2020-04-27',
      '2020-04-04 2020-04-24 2020-04-26 2020-04-27',
      '2020-04-05 2020-04-24 2020-04-26 2020-04-27',
      '2021-04-02 2021-04-23 2021-04-25 2021-04-26',
      '2021-04-03 2021-04-23 2021-04-25 2021-04-26',
      '2021-04-04 2021-04-23 2021-04-25 2021-04-26',
    ]);
  });
});
