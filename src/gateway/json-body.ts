import type { FastifyInstance } from 'fastify';
import { ProblemError } from './problem';

/** Reads JSON and nothing else. No body is no fault here: some routes need none, and the others say what they need. */
export function readJsonBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error'); // refuses __proto__ and constructor.prototype
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text, done) => {
    if (String(text).trim() === '') {
      done(null, undefined);
      return;
    }
    // The parser's own message quotes the text around the fault: a person's data.
    void parse(request, String(text), (error, body) => {
      if (error) done(new ProblemError('malformed-json', 'Send one JSON document in UTF-8.'));
      // Validators cannot tell null from no body, which some routes let pass: a list is as wrong, and is told from it.
      else done(null, body === null ? [] : body);
    });
  });
}
