// A redis-server under a process that ends with the run, however that ends: the tether of the stack reaches it alone.
import { spawn } from 'node:child_process';

const server = spawn('redis-server', process.argv.slice(2), { stdio: ['ignore', 'inherit', 'inherit'] });
process.on('SIGTERM', () => server.kill('SIGTERM'));
server.on('error', (error) => {
  process.stderr.write(`${error.message}; on Debian: apt-get install redis-server\n`);
  process.exit(1);
});
server.on('exit', (code) => process.exit(code ?? 0));
