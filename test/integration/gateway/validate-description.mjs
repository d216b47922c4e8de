// Validates the description of an API that comes on stdin. A separate process, because the validator is an ES module,
// which jest does not load into CommonJS tests. Exit code 1 and the reason on stderr if it is not valid.
import SwaggerParser from '@apidevtools/swagger-parser';
import { text } from 'node:stream/consumers';

try {
  await SwaggerParser.validate(JSON.parse(await text(process.stdin)));
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
