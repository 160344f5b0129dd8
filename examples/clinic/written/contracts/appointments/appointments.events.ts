import { z } from 'zod';
import { eventType } from '@fissile/kit/contract';

export const AppointmentCreated = eventType(
  'appointments.created.v1',
  z.object({ appointmentId: z.uuid(), userId: z.uuid() }).describe('A time is held for a patient.'),
  (data) => data.appointmentId,
);

export const AppointmentBooked = eventType(
  'appointments.booked.v1',
  z
    .object({ appointmentId: z.uuid(), userId: z.uuid(), startsAt: z.iso.datetime() })
    .describe('An appointment was paid and booked.'),
  (data) => data.appointmentId,
);
