import { extendZodWithOpenApi } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';

/** zod as the api's schemas need it, whichever is loaded first: with `openapi`, and its messages in Chinese. */
extendZodWithOpenApi(z);
z.config(z.locales.zhCN());

export { z };
