import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AppointmentStatus } from '../domain/appointment.js';

@Entity('appointments')
export class AppointmentEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'user_id' })
  userId!: string;

  @Column('uuid', { name: 'doctor_id' })
  doctorId!: string;

  @Column('timestamptz', { name: 'starts_at' })
  startsAt!: Date;

  @Column('timestamptz', { name: 'ends_at' })
  endsAt!: Date;

  @Column('text')
  note!: string;

  @Column('text')
  status!: AppointmentStatus;

  @Column('text', { nullable: true })
  reason!: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
