import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

@Entity()
export class Letter {
  @PrimaryGeneratedColumn()
  id: number;

  @Column('text')
  student: string;

  @Column('text')
  text: string;
}
