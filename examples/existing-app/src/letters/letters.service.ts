import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Letter } from './letter.entity.js';

@Injectable()
export class LettersService {
  constructor(@InjectRepository(Letter) private readonly letters: Repository<Letter>) {}

  async send(student: string, text: string): Promise<void> {
    await this.letters.insert({ student, text });
  }

  async sentTo(student: string): Promise<string[]> {
    const letters = await this.letters.find({ where: { student }, order: { id: 'ASC' } });
    return letters.map(({ text }) => text);
  }
}
