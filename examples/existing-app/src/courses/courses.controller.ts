import { Body, Controller, Get, ParseIntPipe, Post } from '@nestjs/common';
import { RequiredTextPipe } from '../common/required-text.pipe.js';
import type { Course } from './course.entity.js';
import { CoursesService } from './courses.service.js';

@Controller('courses')
export class CoursesController {
  constructor(private readonly courses: CoursesService) {}

  @Get()
  list(): Promise<Course[]> {
    return this.courses.list();
  }

  @Post()
  add(
    @Body('title', RequiredTextPipe) title: string,
    @Body('fee', ParseIntPipe) fee: number,
    @Body('seats', ParseIntPipe) seatsLeft: number,
  ): Promise<Course> {
    return this.courses.add({ title, fee, seatsLeft });
  }
}
