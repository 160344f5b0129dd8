import { Controller, Get, Query } from '@nestjs/common';
import { RequiredTextPipe } from '../common/required-text.pipe.js';
import { LettersService } from './letters.service.js';

@Controller('letters')
export class LettersController {
  constructor(private readonly letters: LettersService) {}

  @Get()
  list(@Query('student', RequiredTextPipe) student: string): Promise<string[]> {
    return this.letters.sentTo(student);
  }
}
