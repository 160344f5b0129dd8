import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

@Entity()
export class Course {
  @PrimaryGeneratedColumn()
  id: number;

  @Column('text')
  title: string;

  @Column('integer')
  fee: number;

  @Column('integer', { name: 'seats_left' })
  seatsLeft: number;
}
