import { ConflictException, Injectable, NotFoundException } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { EntityManager } from 'typeorm';
import { Repository } from 'typeorm';
import { Course } from './course.entity.js';

@Injectable()
export class CoursesService {
  constructor(@InjectRepository(Course) private readonly courses: Repository<Course>) {}

  list(): Promise<Course[]> {
    return this.courses.find({ order: { id: 'ASC' } });
  }

  add(course: Pick<Course, 'title' | 'fee' | 'seatsLeft'>): Promise<Course> {
    return this.courses.save(course);
  }

  /** Takes one seat in the transaction of the caller. */
  async takeSeat(manager: EntityManager, courseId: number): Promise<Course> {
    const course = await manager.findOne(Course, { where: { id: courseId }, lock: { mode: 'pessimistic_write' } });
    if (!course) throw new NotFoundException('There is no such course');
    if (course.seatsLeft === 0) throw new ConflictException('The course is full');
    course.seatsLeft -= 1;
    return manager.save(course);
  }

  async giveSeatBack(manager: EntityManager, courseId: number): Promise<void> {
    await manager.increment(Course, { id: courseId }, 'seatsLeft', 1);
  }
}
