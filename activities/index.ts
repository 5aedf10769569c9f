import { ApplicationFailure } from '@temporalio/common';
import { errorCode } from '../store/errors.ts';
import { createAccreditationActivities } from './accreditations/carry-out.ts';
import { createCalendarActivities } from './calendar/tell.ts';
import { createCaseActivities } from './cases/carry-out.ts';
import type {
  AbsenceActivities,
  CarryingActivities,
  DigestActivities,
  HousekeepingActivities,
  InsuranceActivities,
  OutwardActivities,
  StoreActivities,
} from './contract.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { createHousekeeping } from './housekeeping/reconcile.ts';
import { createInsuranceActivities } from './insurance/questions.ts';
import { createDeliveryActivities } from './notifications/delivery.ts';
import { createDigestActivities } from './notifications/digest.ts';
import { createDispatch } from './notifications/dispatch.ts';
import { createHandOver } from './notifications/hand-over.ts';
import { createNotifyActivities } from './notifications/notify.ts';
import { createReceiptActivities } from './notifications/receipts.ts';
import { createSmsSending } from './notifications/send-sms.ts';
import { createAbsenceActivities } from './staff/absence.ts';

export type Activities = StoreActivities &
  CarryingActivities &
  AbsenceActivities &
  InsuranceActivities &
  OutwardActivities &
  DigestActivities &
  HousekeepingActivities;

/** All activities of the worker, over the given parts of the outer world. */
export function createActivities(dependencies: ActivityDependencies): Activities {
  const shield = <Inputs extends unknown[], Output>(name: string, activity: (...inputs: Inputs) => Promise<Output>) =>
    discreet(name, activity, dependencies.onError);
  const sms = createSmsSending(dependencies);
  const handOver = createHandOver(dependencies, sms);
  const dispatch = createDispatch(dependencies, handOver);
  const insurance = createInsuranceActivities(dependencies);
  const cases = createCaseActivities(dependencies, dispatch);
  const accreditations = createAccreditationActivities(dependencies, dispatch, insurance);
  const calendar = createCalendarActivities(dependencies);
  const absence = createAbsenceActivities(dependencies);
  const delivery = createDeliveryActivities(dependencies, sms);
  const digest = createDigestActivities(dependencies);
  const notify = createNotifyActivities(dependencies, handOver);
  const receipts = createReceiptActivities(dependencies);
  const housekeeping = createHousekeeping(dependencies);
  return {
    carryOut: shield('carryOut', cases.carryOut),
    carryOutAccreditation: shield('carryOutAccreditation', accreditations.carryOutAccreditation),
    readSchedule: shield('readSchedule', cases.readSchedule),
    giveUp: shield('giveUp', notify.giveUp),
    readAccreditation: shield('readAccreditation', accreditations.readAccreditation),
    readMilestones: shield('readMilestones', accreditations.readMilestones),
    findUnheard: shield('findUnheard', calendar.findUnheard),
    beginAbsence: shield('beginAbsence', absence.beginAbsence),
    findCasesOfAbsent: shield('findCasesOfAbsent', absence.findCasesOfAbsent),
    recordHandover: shield('recordHandover', absence.recordHandover),
    assess: shield('assess', insurance.assess),
    register: shield('register', insurance.register),
    deregister: shield('deregister', insurance.deregister),
    nextDeliveryStep: shield('nextDeliveryStep', delivery.nextDeliveryStep),
    takeDeliveryStep: shield('takeDeliveryStep', delivery.takeDeliveryStep),
    resend: shield('resend', delivery.resend),
    askReceipts: shield('askReceipts', receipts.askReceipts),
    notify: shield('notify', notify.notify),
    findDigestReaders: shield('findDigestReaders', digest.findDigestReaders),
    sendDigest: shield('sendDigest', digest.sendDigest),
    tell: shield('tell', calendar.tell),
    reassign: shield('reassign', absence.reassign),
    reconcile: shield('reconcile', housekeeping.reconcile),
    beginDeliveries: shield('beginDeliveries', housekeeping.beginDeliveries),
  };
}

/**
 * Keeps what an unexpected error says out of Temporal: the message of a failed query carries the values it was given. The history
 * gets the activity and the error's code; the failure stays retryable.
 */
function discreet<Inputs extends unknown[], Output>(
  name: string,
  activity: (...inputs: Inputs) => Promise<Output>,
  onError: ActivityDependencies['onError'],
): (...inputs: Inputs) => Promise<Output> {
  return async (...inputs) => {
    try {
      return await activity(...inputs);
    } catch (error) {
      if (error instanceof ApplicationFailure) throw error;
      onError(name, error);
      throw ApplicationFailure.retryable(`${name} failed (${errorCode(error)})`, 'Unexpected');
    }
  };
}
