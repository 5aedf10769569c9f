import { z } from '../../http/zod.ts';

/** What became of each case that was to be assigned, in the order in which they were named. */
export const bulkAssignAnswer = z.object({
  items: z.array(
    z.object({
      acceptanceNumber: z.string(),
      status: z.number().openapi({
        description: '200: done; 202: accepted, it shows soon; else that of a problem, as `…/assign` answers it',
      }),
      code: z.string().optional().openapi({ description: "The problem's, for programs" }),
      detail: z.string().optional().openapi({ description: "The problem's, in Chinese, for the person" }),
    }),
  ),
});
