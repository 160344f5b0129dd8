import { z } from 'zod';
import { Id, textLine } from '@fissile/kit/http';
import type { Appointment } from '../domain/appointment.js';

export const NewAppointmentBody = z
  .strictObject({
    doctorId: Id,
    startsAt: z.iso.datetime(),
    minutes: z.int().min(5).max(120),
    note: textLine(500),
    card: textLine(100),
  })
  .meta({ id: 'NewAppointment' });

export const AppointmentResource = z
  .object({
    id: Id,
    doctorId: Id,
    startsAt: z.iso.datetime(),
    endsAt: z.iso.datetime(),
    note: z.string(),
    status: z.enum(['held', 'booked', 'cancelled']),
    reason: z.string().nullable().describe('Why it was cancelled.'),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Appointment' });

export type AppointmentResource = z.output<typeof AppointmentResource>;

export function toResource({
  id,
  doctorId,
  note,
  status,
  reason,
  ...times
}: Appointment): AppointmentResource {
  return {
    id,
    doctorId,
    startsAt: times.startsAt.toISOString(),
    endsAt: times.endsAt.toISOString(),
    note,
    status,
    reason,
    createdAt: times.createdAt.toISOString(),
  };
}
