import { contract, defineContext, refused } from '@fissile/kit/contract';
import { AppointmentsDefinition } from '../generated/appointments/appointments.js';
import { AppointmentBooked, AppointmentCreated } from './appointments.events.js';

/** See appointments.proto. */
export abstract class Appointments extends contract(AppointmentsDefinition) {}

export type {
  GetAppointmentRequest,
  GetAppointmentResponse,
} from '../generated/appointments/appointments.js';
export { AppointmentBooked, AppointmentCreated };

export const appointments = defineContext({
  name: 'appointments',
  contract: Appointments,
  publishes: [AppointmentCreated, AppointmentBooked],
  personal: [{ data: 'appointments, with their notes', erasure: 'deleted' }],
  errors: { slot_taken: refused(409, 'The doctor has another appointment at this time') },
});
