import { until } from '@fissile/kit/testing';
import type { Answer, ExistingApp } from './existing-app.js';

/** What clients of the application do, and what they are answered, whatever stands behind it. */
export async function recordVisit(app: ExistingApp, student: string): Promise<unknown[]> {
  const answers: unknown[] = [];
  const call = async (...request: Parameters<ExistingApp['call']>): Promise<Answer> => {
    const answer = await app.call(...request);
    answers.push([request[0], withoutIds(request[1], student), withoutIds(answer, student)]);
    return answer;
  };
  const enrol = (course: Answer) => call('POST', '/enrolments', { courseId: idOf(course), student });
  await call('GET', '/courses', undefined, 'a wrong key');
  await call('POST', '/courses', { title: ' ', fee: 1, seats: 1 });
  const course = await call('POST', '/courses', { title: 'Cooking', fee: 40, seats: 1 });
  const enrolled = await enrol(course);
  await enrol(course);
  await call('POST', '/enrolments', { courseId: 0, student });
  await enrol(await call('POST', '/courses', { title: 'Sailing', fee: 2_000_000, seats: 1 }));
  await call('GET', `/invoices?student=${student}`);
  await call('POST', `/enrolments/${idOf(enrolled)}/cancellation`);
  await call('POST', '/enrolments/5a2c7a0e-5f51-4f0e-9a54-0c6e6a1f7d10/cancellation');
  await call('POST', '/enrolments/nothing/cancellation');
  await until('both letters are sent', async () => {
    const { body } = await app.call('GET', `/letters?student=${student}`);
    return (body as string[]).length >= 2;
  });
  await call('GET', `/letters?student=${student}`);
  await call('GET', '/nowhere');
  const courses = (await app.call('GET', '/courses')).body as { title: string; seatsLeft: number }[];
  answers.push(courses.slice(-2).map(({ title, seatsLeft }) => ({ title, seatsLeft })));
  return answers;
}

function idOf({ body }: Answer): unknown {
  return (body as { id?: unknown }).id;
}

/** Ids and the student's name differ from visit to visit. */
function withoutIds<T>(value: T, student: string): T {
  const text = JSON.stringify(value)
    // Before the name, whose letters may be in one.
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'uuid')
    .replaceAll(student, 'student')
    .replace(/("id"|"courseId"):\d+/g, '$1:0');
  return JSON.parse(text) as T;
}
