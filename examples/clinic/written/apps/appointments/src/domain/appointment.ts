import { v7 as uuidv7 } from 'uuid';

export type AppointmentStatus = 'held' | 'booked' | 'cancelled';

export interface Appointment {
  readonly id: string;
  readonly userId: string;
  readonly doctorId: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly note: string;
  readonly status: AppointmentStatus;
  /** Why it was cancelled: the code of an error. */
  readonly reason: string | null;
  readonly createdAt: Date;
}

export interface Wish {
  readonly doctorId: string;
  readonly startsAt: Date;
  readonly minutes: number;
  readonly note: string;
}

/** What an appointment costs. */
const FEE_PER_MINUTE_MINOR = 200;

/** A new one, which holds its time until it is paid. */
export function createAppointment(userId: string, wish: Wish, now: Date): Appointment {
  const { doctorId, startsAt, minutes, note } = wish;
  const endsAt = new Date(startsAt.getTime() + minutes * 60_000);
  const state = { status: 'held', reason: null, createdAt: now } as const;
  return { id: uuidv7(), userId, doctorId, startsAt, endsAt, note: note.trim(), ...state };
}

export function feeMinor({ startsAt, endsAt }: Pick<Appointment, 'startsAt' | 'endsAt'>): number {
  return Math.round((endsAt.getTime() - startsAt.getTime()) / 60_000) * FEE_PER_MINUTE_MINOR;
}
