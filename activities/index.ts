import { ApplicationFailure } from '@temporalio/common';
import { errorCode } from '../store/errors.ts';
import { createTell } from './calendar/tell.ts';
import { createCarryOut } from './carry-out.ts';
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
import { createNotify } from './notifications/notify.ts';
import { createAskReceipts } from './notifications/receipts.ts';
import { createSmsSending } from './notifications/send-sms.ts';
import { createStoreActivities } from './record.ts';
import { createAbsenceActivities } from './staff/absence.ts';
import { createReassign } from './staff/reassign.ts';

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
  const store = createStoreActivities(dependencies);
  const absence = createAbsenceActivities(dependencies);
  const insurance = createInsuranceActivities(dependencies);
  const sms = createSmsSending(dependencies);
  const delivery = createDeliveryActivities(dependencies, sms);
  const digest = createDigestActivities(dependencies);
  const notify = createNotify(dependencies, sms);
  const carrying = createCarryOut(dependencies, notify, insurance);
  const housekeeping = createHousekeeping(dependencies);
  return {
    carryOut: shield('carryOut', carrying.carryOut),
    carryOutAccreditation: shield('carryOutAccreditation', carrying.carryOutAccreditation),
    readSchedule: shield('readSchedule', store.readSchedule),
    giveUp: shield('giveUp', store.giveUp),
    readAccreditation: shield('readAccreditation', store.readAccreditation),
    readMilestones: shield('readMilestones', store.readMilestones),
    findUnheard: shield('findUnheard', store.findUnheard),
    beginAbsence: shield('beginAbsence', absence.beginAbsence),
    findCasesOfAbsent: shield('findCasesOfAbsent', absence.findCasesOfAbsent),
    recordHandover: shield('recordHandover', absence.recordHandover),
    assess: shield('assess', insurance.assess),
    register: shield('register', insurance.register),
    deregister: shield('deregister', insurance.deregister),
    nextDeliveryStep: shield('nextDeliveryStep', delivery.nextDeliveryStep),
    takeDeliveryStep: shield('takeDeliveryStep', delivery.takeDeliveryStep),
    resend: shield('resend', delivery.resend),
    askReceipts: shield('askReceipts', createAskReceipts(dependencies)),
    notify: shield('notify', notify.notify),
    findDigestReaders: shield('findDigestReaders', digest.findDigestReaders),
    sendDigest: shield('sendDigest', digest.sendDigest),
    tell: shield('tell', createTell()),
    reassign: shield('reassign', createReassign(dependencies)),
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
