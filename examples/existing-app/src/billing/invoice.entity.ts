import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

@Entity()
export class Invoice {
  @PrimaryGeneratedColumn()
  id: number;

  @Column('uuid', { name: 'enrolment_id' })
  enrolmentId: string;

  @Column('text')
  student: string;

  /** A bigint is a text in TypeORM. */
  @Column('bigint')
  amount: string;
}
