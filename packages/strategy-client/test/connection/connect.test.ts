import { describe, expect, it } from 'vitest';
import { connect } from '../../src/connection/connect.js';
import { inProcessStore } from '../../src/stores/in-process/in-process-store.js';
import { DirectEngine } from '../support/direct-engine.js';

const ROUTER = { host: 'engine.example', port: 1, username: 'u', password: 'p' };

describe('connect', () => {
  it('opens no store when a certificate cannot be read', () => {
    let opened = 0;
    const store = inProcessStore();
    const options = {
      ...ROUTER,
      secure: true,
      sslCert: '/nowhere/ca.pem',
      store: (...args: Parameters<typeof store>) => {
        opened++;
        return store(...args);
      },
    };
    expect(() => connect(options)).toThrow(/sslCert \(\/nowhere\/ca\.pem\) cannot be read/);
    expect(opened).toBe(0);
  });

  it('refuses the manager of another router', async () => {
    await using other = connect(ROUTER);
    expect(() => connect({ ...ROUTER, port: 2, manager: other.manager })).toThrow(/of its own/);
  });
});

describe('a connection that is closed', () => {
  it('gives no session, also none that was open', async () => {
    const { connection } = new DirectEngine();
    await connection.session();
    await connection.close();
    await expect(connection.session()).rejects.toMatchObject({ code: 'CLOSED' });
  });
});
