import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { User, UserStatus } from '../domain/user.js';

@Entity('users')
export class UserEntity implements User {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  email!: string;

  @Column('text')
  name!: string;

  @Column('text', { name: 'password_hash' })
  passwordHash!: string;

  @Column('boolean', { name: 'password_must_change' })
  passwordMustChange!: boolean;

  @Column('text', { array: true })
  roles!: string[];

  @Column('text')
  status!: UserStatus;

  @Column('integer')
  version!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'email_verified_at', nullable: true })
  emailVerifiedAt!: Date | null;

  @Column('timestamptz', { name: 'erased_at', nullable: true })
  erasedAt!: Date | null;
}
