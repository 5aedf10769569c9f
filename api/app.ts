import cors from 'cors';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import helmet from 'helmet';
import swaggerUi from 'swagger-ui-express';
import { accreditationRoutes } from './accreditations/routes.ts';
import { auditRoutes } from './audit/routes.ts';
import { calendarRoutes } from './calendar/routes.ts';
import { catalogueRoutes } from './cases/catalogue.ts';
import { messageRoutes } from './cases/messages/routes.ts';
import { noteRoutes } from './cases/notes.ts';
import { caseRoutes } from './cases/routes.ts';
import { templateRoutes } from './cases/templates.ts';
import { worklistRoutes } from './cases/worklist/routes.ts';
import type { ApiContext } from './context.ts';
import { fileRoutes } from './files/routes.ts';
import { limitAddresses } from './http/addresses.ts';
import type { Authenticate } from './http/auth.ts';
import { codecRoutes } from './http/codec-routes.ts';
import { openApiDocument } from './http/description/document.ts';
import { problemHandler, unknownRoute } from './http/errors.ts';
import { healthRoutes } from './http/health-routes.ts';
import { logRequests } from './http/log.ts';
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
  // Nothing is kept by those in between, so nothing is asked for again by its hash either.
  app.disable('etag');
  // Browsers must not turn http://localhost into https. The rest of helmet's policy stays as it is.
  app.use(helmet({ contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } } }));
  app.use(logRequests(context.log));
  app.set('trust proxy', context.trustedProxies ?? false);
  if (context.requestsPerMinute !== undefined) app.use(limitAddresses(context, context.requestsPerMinute));
  if (context.temporalUiOrigin) app.use('/codec', cors({ origin: context.temporalUiOrigin }));

  const routes = routesOf(context);
  for (const route of routes) addRoute(app, route, context, authenticate);
  // Made when somebody asks for it: it takes longer than all the rest of the start.
  let document: ReturnType<typeof openApiDocument> | undefined;
  const documentOnce = () => {
    document ??= openApiDocument(routes, context.publicUrl);
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
    ...worklistRoutes(context),
    ...messageRoutes(context),
    ...noteRoutes(context),
    ...templateRoutes(context),
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
