/** An environment variable for docs/configuration.md: its default (empty: none), who reads it, what it means. */
export interface Documented {
  name: string;
  default: string;
  for: string;
  meaning: string;
}

const of = (reader: string, variables: [name: string, fallback: string, meaning: string][]): Documented[] =>
  variables.map(([name, fallback, meaning]) => ({ name, default: fallback, for: reader, meaning }));

/**
 * Variables that are read outside env.ts, by programs of dev/, test/ and bench/, which the image doesn't contain. Most
 * of them decide which servers are started, and from that follow the settings of the api and the worker.
 */
export const developmentVariables: Documented[] = [
  ...of('`npm start`', [
    [
      'DATA_DIR',
      './data',
      'Data, logs and secrets of the embedded stack; `npm run token`, `admin` and `temporal` look there too',
    ],
    [
      'TEMPORAL_PORT',
      '7233',
      "Temporal's dev server; `npm run temporal` finds it, unless `TEMPORAL_ADDRESS` names another",
    ],
    ['TEMPORAL_UI_PORT', '8233', 'Temporal Web'],
    ['PGLITE_PORT', '5433', 'PGlite'],
    ['OUTBOX_PORT', '4010', 'The page of what was sent, and the stand-ins of Twilio, Alibaba and the insurance core'],
    ['SMTP_PORT', '1025', 'The stand-in for the mail server'],
  ]),
  ...of('`npm start`, `npm test`', [
    ['TEMPORAL_CLI', '', 'Path of the Temporal CLI, where it is not on the PATH. Unset, it is fetched once'],
  ]),
  ...of('`npm test`, `npm run simulate`', [['TEMPORAL_TEST_SERVER', '', "Path of Temporal's test server, likewise"]]),
  ...of('`npm test`', [
    [
      'TEST_DATABASE_URL',
      '',
      'A PostgreSQL server to test against. Unset, one is started if it is installed, else that half is skipped',
    ],
  ]),
  ...of('`npm run test:faults`, `npm run test:contract`, `npm run bench -- notifications`', [
    ['SEED', '', 'Repeats a run. Unset, each is another one'],
  ]),
];

/** Variables that one of our programs sets for another that it starts, never people. */
export const internalVariables = ['PGLITE_DATA', 'BARE_BUNDLE', 'SINK_URL', 'EVENTS', 'GOOD_BUNDLE', 'TEST_SERVERS'];

/** Variables that docker-compose.yml reads from .env for itself, beside the settings that it passes on. */
export const composeOnlyVariables: Documented[] = of('`docker compose`', [
  ['POSTGRES_PASSWORD', '**required**', "PostgreSQL's superuser"],
  ['TEMPORAL_DB_PASSWORD', '**required**', "Temporal's database role"],
  ['MENTE_DB_PASSWORD', '**required**', "The service's database role"],
  ['BIND_ADDRESS', '127.0.0.1', 'Where the api (`PORT`) is published on this machine'],
  ['TEMPORAL_UI_PORT', '8233', 'Where Temporal Web is, on 127.0.0.1 only'],
]);
