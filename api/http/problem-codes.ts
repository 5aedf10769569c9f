interface Meaning {
  on: readonly number[];
  todo: string;
}

const on = (status: number, todo: string) => ({ on: [status], todo });

/**
 * Every `code` of a problem: the status it is answered with, and what a program does about it. What a person is to do
 * says the problem's `detail`.
 */
export const problemCodes = {
  malformed: on(400, 'The request can not be read (JSON, form or address): send it well-formed.'),
  unauthenticated: on(401, 'No valid token, or no valid signature: get a new token, or sign again, then repeat.'),
  forbidden: on(403, 'Not for these roles: do not repeat it.'),
  'not-staff': on(403, 'The list of staff does not have this person active in this role: an admin has to enter them.'),
  'real-name-required': on(403, 'The token has no verified name and ID number: send the person to 实名认证.'),
  'own-case': {
    on: [403, 409],
    todo: 'Who filed, acts or is concerned may not decide, nor the other way round (回避): somebody else has to.',
  },
  'applicants-own': on(403, 'An online case: its applicant acts in the app by which they filed.'),
  'at-window': on(403, 'A case of the window: its applicant goes there.'),
  'channel-not-yours': on(403, "Leave `channel` out, or give the token's."),
  'not-yours-to-file': on(403, "Neither applicant nor agent is the token's person: correct the form."),
  'told-to-applicant': on(403, 'Only the applicant is told why: they read it in their own app.'),
  'wrong-signature': on(403, 'The receipt is not signed with our secret: compare PUBLIC_URL and TWILIO_AUTH_TOKEN.'),
  'not-found': on(404, "It isn't there, or isn't this caller's to see: check the number."),
  'method-not-allowed': on(405, 'Use GET: it changes something.'),
  'too-slow': on(408, 'The body did not arrive in time: send it again over a faster line, or a smaller one.'),
  conflict: on(409, 'It does not fit the present status: read the case anew, and offer what is possible by now.'),
  'verifier-alone': on(409, 'Who recorded the verification does not decide alone: another reviewer has to.'),
  'not-assigned': on(409, 'Somebody else is in charge: they, or a supervisor, hand the case over.'),
  'took-part': on(409, 'Took part before the appeal: a supervisor assigns somebody else.'),
  'second-reviewer-needed': on(409, 'The first reviewer can not give the second approval (双人复核).'),
  'sender-not-verified': on(409, 'It takes somebody who is signed in with the role for it.'),
  'appealed-already': on(409, 'There is one appeal: show the other remedies (`remedies`).'),
  'not-verified': on(409, 'The originals have to be seen at the window first (`request-verification`).'),
  'belated-request': on(
    409,
    'Something missing was not named the first time: a supervisor asks, with `belatedReason`.',
  ),
  'too-late': on(409, 'The time for it is over: read the case anew.'),
  absent: on(409, 'Entered as absent: end the absence first, or let a supervisor assign the case.'),
  'application-open': on(409, 'The same application is open already: go on with it (`acceptanceNumber`, where told).'),
  'changed-this-year': on(
    409,
    'The institution was changed this year (`acceptanceNumber`, where told): next year again.',
  ),
  'being-erased': on(409, "The person's data is being erased: try again after Retry-After."),
  'window-closed': on(409, 'The window takes applications in its office hours only.'),
  'request-replaced': on(409, 'Something else is asked for now: read the case anew, and hand in what it says.'),
  'last-admin': on(409, 'Nobody could enter staff any more: make somebody else an admin first.'),
  'case-over': on(409, 'The case takes no new phone any more: change it in another case.'),
  'no-code': on(409, 'No code was asked for: ask for one.'),
  'code-expired': on(409, 'Ask for a new code.'),
  'code-used-up': on(409, 'Too many wrong tries: ask for a new code.'),
  'call-done': on(409, 'The call needs no more: read the list anew.'),
  'calendar-moved': on(409, 'The calendar has changed meanwhile: preview again.'),
  'own-membership': on(409, 'Admins do not lock themselves out: another admin has to.'),
  'event-id-reused': on(409, 'The event id was used for something else: give each event its own.'),
  'file-lost': on(410, 'The content is lost: upload the file again.'),
  'body-too-large': on(413, 'Send less.'),
  'file-too-large': on(413, 'Compress the file, or split it.'),
  'json-expected': on(415, 'Send JSON, as `Content-Type: application/json`.'),
  'heic-unsupported': on(415, 'Convert the picture to JPEG.'),
  'file-type-unsupported': on(415, 'Send JPEG, PNG, WebP or PDF.'),
  invalid: on(422, 'Something is missing or wrong, each named in `errors`: correct it, then send again.'),
  'idempotency-key-reused': on(422, 'The key was used for another request: give each request its own.'),
  'warnings-unacknowledged': on(
    422,
    'Show the warnings (`errors`); publish with `acknowledged: true` if all is right.',
  ),
  'wrong-code': on(422, 'A wrong code: let the person try again (`triesLeft`).'),
  undecodable: on(422, 'A text was encrypted with a key that is not configured, or was changed.'),
  'file-damaged': on(422, 'The file can not be opened: scan or export it again.'),
  'image-too-large': on(422, 'Too many pixels: lower the resolution.'),
  'pdf-encrypted': on(422, 'Remove the password of the PDF.'),
  'pdf-empty': on(422, 'The PDF has no pages.'),
  'pdf-scripted': on(422, 'The PDF runs something: print it as a PDF again.'),
  'pdf-attachments': on(422, 'The PDF has attachments: upload them on their own.'),
  'pdf-too-complex': on(422, 'The PDF can not be checked: print it as a PDF again.'),
  'file-infected': on(422, 'A virus was found: scan the paper on another device.'),
  'too-many-requests': on(429, 'Too many requests from this address: wait for Retry-After.'),
  'too-many-filings': on(429, 'No more filings today: wait for Retry-After.'),
  'too-many-uploads': on(429, 'No more uploads today: wait for Retry-After.'),
  'upload-quota': on(429, 'Too much was uploaded: file what lies there, or wait for Retry-After.'),
  'too-many-lookups': on(429, 'No more look-ups for now: wait for Retry-After.'),
  'too-many-codes': on(429, 'No more codes for now: wait for Retry-After.'),
  'headers-too-large': on(431, 'Token or address is too long.'),
  internal: on(500, 'A fault of ours: try again later; if it stays, tell us.'),
  unavailable: on(
    503,
    'Down or busy, and maybe done all the same: repeat with the same Idempotency-Key after Retry-After.',
  ),
} satisfies Record<string, Meaning>;

export type ProblemCode = keyof typeof problemCodes;
