import { createAccreditationActivities } from './accreditations/carry-out.ts';
import { createCalendarActivities } from './calendar/tell.ts';
import { createCaseActivities } from './cases/carry-out.ts';
import type {
  AbsenceActivities,
  BriefingActivities,
  CarryingActivities,
  HousekeepingActivities,
  InsuranceActivities,
  OutwardActivities,
  RetentionActivities,
  StoreActivities,
  SweepActivities,
} from './contract.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { createHousekeeping } from './housekeeping/reconcile.ts';
import { createFileSweep } from './housekeeping/sweep-files.ts';
import { createInsuranceActivities } from './insurance/questions.ts';
import { createBriefingActivities } from './notifications/briefing.ts';
import { createDeliveryActivities } from './notifications/delivery.ts';
import { createDispatch } from './notifications/dispatch.ts';
import { createDispatchUnsent } from './notifications/dispatch-unsent.ts';
import { createNotifyActivities } from './notifications/notify.ts';
import { createReceiptActivities } from './notifications/receipts.ts';
import { createSmsSending } from './notifications/send-sms.ts';
import { createRetention } from './retention/retain.ts';
import { createAbsenceActivities } from './staff/absence.ts';

export type Activities = StoreActivities &
  CarryingActivities &
  AbsenceActivities &
  InsuranceActivities &
  OutwardActivities &
  BriefingActivities &
  HousekeepingActivities &
  RetentionActivities &
  SweepActivities;

/** All activities of the worker, over the given parts of the outer world. */
export function createActivities(dependencies: ActivityDependencies): Activities {
  const sms = createSmsSending(dependencies);
  const dispatch = createDispatch(dependencies, sms);
  const dispatchUnsent = createDispatchUnsent(dependencies, dispatch);
  const insurance = createInsuranceActivities(dependencies);
  return {
    ...createCaseActivities(dependencies, dispatchUnsent),
    ...createAccreditationActivities(dependencies, dispatchUnsent, insurance),
    ...createCalendarActivities(dependencies),
    ...createNotifyActivities(dependencies, dispatch),
    ...createDeliveryActivities(dependencies, sms),
    ...createReceiptActivities(dependencies),
    ...createBriefingActivities(dependencies),
    ...createAbsenceActivities(dependencies),
    ...insurance,
    ...createHousekeeping(dependencies),
    ...createRetention(dependencies),
    ...createFileSweep(dependencies),
  };
}
