import cors from 'cors';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import helmet from 'helmet';
import { pinoHttp } from 'pino-http';
import swaggerUi from 'swagger-ui-express';
import { accreditationRoutes } from './accreditations/routes.ts';
import { auditRoutes } from './audit/routes.ts';
import { calendarRoutes } from './calendar/routes.ts';
import { catalogueRoutes } from './cases/catalogue.ts';
import { messageRoutes } from './cases/messages/routes.ts';
import { caseRoutes } from './cases/routes.ts';
import type { ApiContext } from './context.ts';
import { fileRoutes } from './files/routes.ts';
import type { Authenticate } from './http/auth.ts';
import { codecRoutes } from './http/codec-routes.ts';
import { problemHandler, unknownRoute } from './http/errors.ts';
import { healthRoutes } from './http/health-routes.ts';
import { openApiDocument } from './http/openapi.ts';
import { addRoute, type Route } from './http/route.ts';
import { hookRoutes } from './insurance/routes.ts';
import { noticeRoutes } from './notices/routes.ts';
import { notificationRoutes } from './notifications/routes.ts';
import { peopleRoutes } from './people/routes.ts';
import { staffRoutes } from './staff/routes.ts';
import { statisticsRoutes } from './statistics/routes.ts';

/** The HTTP server's application: all routes, over the given store and Temporal. */
export function createApp(context: ApiContext, authenticate: Authenticate): Express {
  const app = express();
  app.disable('x-powered-by');
  // Browsers must not turn http://localhost into https. The rest of helmet's policy stays as it is.
  app.use(helmet({ contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } } }));
  app.use(pinoHttp({ logger: context.log, serializers: quietSerializers, customLogLevel: requestLevel }));
  if (context.temporalUiOrigin) app.use('/codec', cors({ origin: context.temporalUiOrigin }));
  const json = express.json({ limit: '256kb' });
  // A hook's signature covers the raw body, so its route reads the body by itself.
  app.use((request, response, next) =>
    request.path.startsWith('/v1/hooks/') ? next() : json(request, response, next),
  );

  const routes = routesOf(context);
  for (const route of routes) addRoute(app, route, context, authenticate);
  // Made when somebody asks for it: it takes longer than all the rest of the start.
  let document: ReturnType<typeof openApiDocument> | undefined;
  const documentOnce = () => {
    document ??= openApiDocument(routes);
    return document;
  };
  app.get('/openapi.json', (_, response) => void response.json(documentOnce()));
  app.use('/docs', swaggerUi.serve, (request: Request, response: Response, next: NextFunction) =>
    swaggerUi.setup(documentOnce())(request, response, next),
  );

  app.use(unknownRoute);
  app.use(problemHandler(context.log));
  return app;
}

/** All routes that have a rule who may call them; beside them there are only the pages that describe them. */
export function routesOf(context: ApiContext): Route[] {
  return [
    ...catalogueRoutes(context),
    ...calendarRoutes(context),
    ...fileRoutes(context),
    ...caseRoutes(context),
    ...messageRoutes(context),
    ...noticeRoutes(context),
    ...accreditationRoutes(context),
    ...hookRoutes(context),
    ...notificationRoutes(context),
    ...peopleRoutes(context),
    ...statisticsRoutes(context),
    ...staffRoutes(context),
    ...auditRoutes(context),
    ...codecRoutes(context),
    ...healthRoutes(context),
  ];
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
