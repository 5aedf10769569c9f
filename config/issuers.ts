import { z } from 'zod';
import { channels } from '../domain/vocabulary.ts';

const claim = z.string().min(1);
const common = {
  issuer: z.url({ protocol: /^https?$/, error: 'issuer must be a URL, https://…' }),
  audience: z.string().min(1),
};

/** An app that has verified who its people really are (实名认证). */
const forApplicants = z.strictObject({
  ...common,
  for: z.literal('applicants'),
  /** The channel of what is filed through it. */
  channel: z.enum(channels).exclude(['window']),
  /** In which claims the name and the ID number are. */
  claims: z.strictObject({ name: claim.default('name'), idNumber: claim.default('id_number') }).prefault({}),
});

/** The office's own sign-in. */
const forStaff = z.strictObject({
  ...common,
  for: z.literal('staff'),
  /** In which claim the list of roles is. */
  claims: z.strictObject({ roles: claim.default('roles') }).prefault({}),
});

const issuer = z.discriminatedUnion('for', [forApplicants, forStaff]);

/** Who issues bearer tokens, for whom, and to whom. */
export type OidcIssuer = z.infer<typeof issuer>;

/** `OIDC_ISSUERS`: a JSON list. Several apps may share an issuer; their audiences tell them apart. */
export const oidcIssuers = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'must be a list in JSON' });
      return z.NEVER;
    }
  })
  .pipe(
    z.array(issuer).min(1, 'must name at least one issuer').refine(differ, 'must name each issuer and audience once'),
  );

function differ(issuers: OidcIssuer[]): boolean {
  return new Set(issuers.map(({ issuer, audience }) => `${issuer} ${audience}`)).size === issuers.length;
}

/** Whether an address can't be read or changed on the way. */
export const isEncrypted = (url: string) => url.startsWith('https://');
