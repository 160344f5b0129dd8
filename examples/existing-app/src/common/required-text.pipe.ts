import { BadRequestException, type PipeTransform } from '@nestjs/common';

/** A text that is there and not blank. */
export class RequiredTextPipe implements PipeTransform<unknown, string> {
  transform(value: unknown): string {
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
    throw new BadRequestException('A text is missing');
  }
}
