import cors from 'cors';
import express, { type Express } from 'express';
import helmet from 'helmet';
import { pinoHttp } from 'pino-http';
import swaggerUi from 'swagger-ui-express';
import type { Authenticate } from './auth.ts';
import type { ApiContext } from './context.ts';
import { problemHandler, unknownRoute } from './errors.ts';
import { openApiDocument } from './openapi.ts';
import { addRoute } from './route.ts';
import { accreditationRoutes } from './routes/accreditations.ts';
import { applicationRoutes } from './routes/applications.ts';
import { calendarRoutes } from './routes/calendar.ts';
import { callRoutes } from './routes/calls.ts';
import { catalogueRoutes } from './routes/catalogue.ts';
import { codecRoutes } from './routes/codec.ts';
import { fileRoutes } from './routes/files.ts';
import { healthRoutes } from './routes/health.ts';
import { hookRoutes } from './routes/hooks.ts';
import { inboxRoutes } from './routes/inbox.ts';
import { messageRoutes } from './routes/messages.ts';
import { noticeRoutes } from './routes/notices.ts';
import { peopleRoutes } from './routes/people.ts';
import { phoneRoutes } from './routes/phone.ts';
import { staffRoutes } from './routes/staff.ts';
import { statisticsRoutes } from './routes/statistics.ts';
import { twilioHookRoutes } from './routes/twilio-hook.ts';
import { worklistRoutes } from './routes/worklist.ts';

/** The HTTP server's application: all routes, over the given store and Temporal. */
export function createApp(context: ApiContext, authenticate: Authenticate): Express {
  const app = express();
  app.disable('x-powered-by');
  // Browsers must not turn http://localhost into https; everything else of helmet's policy stays.
  app.use(helmet({ contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } } }));
  app.use(pinoHttp({ logger: context.log, serializers: quietSerializers, customLogLevel: requestLevel }));
  if (context.temporalUiOrigin) app.use('/codec', cors({ origin: context.temporalUiOrigin }));
  const json = express.json({ limit: '256kb' });
  // A hook's signature is over the raw body.
  app.use((request, response, next) =>
    request.path.startsWith('/v1/hooks/') ? next() : json(request, response, next),
  );

  const routes = [
    ...catalogueRoutes(context),
    ...calendarRoutes(context),
    ...fileRoutes(context),
    ...applicationRoutes(context),
    ...messageRoutes(context),
    ...phoneRoutes(context),
    ...noticeRoutes(context),
    ...accreditationRoutes(context),
    ...hookRoutes(context),
    ...twilioHookRoutes(context),
    ...callRoutes(context),
    ...worklistRoutes(context),
    ...peopleRoutes(context),
    ...statisticsRoutes(context),
    ...staffRoutes(context),
    ...inboxRoutes(context),
    ...codecRoutes(context),
    ...healthRoutes(context),
  ];
  for (const one of routes) addRoute(app, one, authenticate);
  const document = openApiDocument(routes);
  app.get('/openapi.json', (_, response) => void response.json(document));
  app.use('/docs', swaggerUi.serve, swaggerUi.setup(document));

  app.use(unknownRoute);
  app.use(problemHandler(context.log));
  return app;
}

/** Neither headers (tokens) nor bodies (personal data) belong in a log. */
const quietSerializers = {
  req: ({ method, url }: { method: string; url: string }) => ({ method, path: url.split('?')[0] }),
  res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
  err: ({ type }: { type: string }) => ({ type }),
};

function requestLevel(_: unknown, { statusCode }: { statusCode: number }, error?: Error) {
  return error || statusCode >= 500 ? 'warn' : 'info';
}
