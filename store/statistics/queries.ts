import { type SQL, sql } from 'drizzle-orm';
import { shanghaiInstant } from '../../domain/dates.ts';
import { type Count, type DatedBand, type Grouping, openStatuses, type Period } from '../../domain/statistics.ts';
import { application, timeline } from '../cases/tables.ts';
import type { Store } from '../open.ts';

/**
 * Counts what happened in a period, and the cases that are open now, in one statement, hence at one moment: in all, and
 * in the groups that are wanted. What each measure means is said at `Figures`.
 * @param bands into which the ages of open cases fall today
 */
export async function countCases(
  store: Store,
  period: Period,
  wanted: readonly Grouping[],
  bands: DatedBand[],
): Promise<Count[]> {
  const each = groupsOf(wanted);
  const { rows } = await store.db.execute<Count & Record<string, unknown>>(sql`
    with entry as (${entriesIn(period)}), round as (${rounds}), decision as (${decisions}),
      fact as (${factsOfEntries} union all ${factsOfOpenCases(bands)}),
      -- Counted before they are spread over the groups: that is a fraction of the rows.
      tally as (
        select measure, disease, channel, type, reviewer, count(*) as n
        from fact
        group by measure, disease, channel, type, reviewer
      )
    select each."by", each.code, measure, sum(n)::int as n from tally ${each} group by each."by", each.code, measure
    union all
    select each."by", each.code, unnest(array['decided.medianDays', 'decided.longestDays']),
      unnest(array[percentile_disc(0.5) within group (order by days), max(days)])
    from fact ${each} where days is not null group by each."by", each.code
    order by code
  `);
  return rows;
}

/** Each row once for the total, and once for each of its groups that are wanted. */
const groupsOf = (wanted: readonly Grouping[]): SQL => sql`
  join lateral (values
    ('total', null), ('disease', disease), ('channel', channel), ('type', type), ('reviewer', reviewer)
  ) as each("by", code) on each."by" in ${['total', ...wanted]}
`;

const entriesIn = ({ from, until }: Period): SQL => sql`
  select acceptance_number, sequence, round, kind, by, level, late, belated
  from ${timeline}
  where at >= ${shanghaiInstant(from, '00:00')} and at < ${shanghaiInstant(until, '24:00')} and kind in (
    'submitted', 'approved', 'rejected', 'refused', 'lapsed', 'withdrawn', 'escalated', 'materialsRequested',
    'requestReplaced'
  )
`;

/** The whole rounds, whenever the rest of them happened. A round begins, and is accepted, with its first entry. */
const rounds = sql`
  select acceptance_number, round, min(at) as began, bool_or(kind = 'escalated') as late,
    count(*) filter (where kind = 'materialsRequested') as requests
  from ${timeline}
  where acceptance_number in (select acceptance_number from entry)
  group by acceptance_number, round
`;

/** The decision of each round that stands: the last word, unless that is the core's, which refuses to register it. */
const decisions = sql`
  select * from (
    select distinct on (acceptance_number, round) acceptance_number, round, sequence, kind, by, at
    from ${timeline}
    where acceptance_number in (select acceptance_number from entry)
      and kind in ('approved', 'rejected', 'registrationRefused')
    order by acceptance_number, round, sequence desc
  ) as last_word
  where kind <> 'registrationRefused'
`;

const shanghaiDay = (at: SQL) => sql`(${at} at time zone 'Asia/Shanghai')::date`;

/** What the entries of the period count for; one entry may count for several measures. */
const factsOfEntries = sql`
  select measure, disease_code as disease, channel, type,
    case when entry.kind in ('materialsRequested', 'requestReplaced') then entry.by
      else coalesce(decision.by, assignee) end as reviewer,
    case measure when 'decided.total' then ${shanghaiDay(sql`decision.at`)} - ${shanghaiDay(sql`began`)} end as days
  from entry
  join round using (acceptance_number, round)
  left join decision using (acceptance_number, round)
  join ${application} using (acceptance_number)
  cross join lateral unnest(case
    when entry.kind = 'submitted' then array['filed']
    when entry.kind = 'escalated' then array['escalations.total', 'escalations.byLevel.' || entry.level]
    when entry.kind = 'materialsRequested' then array[
      'supplements.requests',
      case when entry.late then 'breaches.late' end,
      case when entry.belated then 'breaches.belated' end
    ]
    when entry.kind = 'requestReplaced' then array[case when entry.belated then 'breaches.belated' end]
    when entry.sequence = decision.sequence then array[
      'decided.total',
      'decided.' || entry.kind,
      case when not round.late then 'decided.onTime' end,
      'supplements.decidedAfter.' || case when requests < 3 then requests::text else '3+' end
    ]
    when entry.kind in ('refused', 'lapsed', 'withdrawn') then array[entry.kind]
  end) as measure
  where measure is not null
`;

const factsOfOpenCases = (bands: DatedBand[]): SQL => {
  const acceptedOn = sql`(state -> 'ledger' ->> 'acceptedOn')::date`;
  const whens = bands.map(({ band, since }) => {
    const measure = `open.byAge.${band}`;
    return since === null ? sql`else ${measure}` : sql`when ${acceptedOn} >= ${since} then ${measure}`;
  });
  return sql`
    select measure, disease_code, channel, type, assignee, null
    from ${application}
    cross join lateral unnest(array[
      'open.total',
      'open.byStatus.' || status,
      case ${sql.join(whens, sql` `)} end,
      case when escalation_level > 0 then 'open.overdue' end
    ]) as measure
    where not closed and status in ${[...openStatuses]} and measure is not null
  `;
};
