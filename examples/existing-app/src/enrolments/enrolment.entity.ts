import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity()
export class Enrolment {
  @PrimaryColumn('uuid')
  id: string;

  @Column('integer', { name: 'course_id' })
  courseId: number;

  @Column('text')
  student: string;

  @Column('text')
  status: 'enrolled' | 'cancelled';
}
