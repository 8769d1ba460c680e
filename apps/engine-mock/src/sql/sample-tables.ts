/**
 * Tables and rows of a new database, by schema. Declarations say the vector types: `DECIMAL(12,2)` has two digits
 * after the point, `TIMESTAMP_TZ 'Europe/Berlin'` a zone.
 */
export const SAMPLE_TABLES: Readonly<Record<string, string>> = {
  ops: `
    CREATE TABLE desired_groups (group_id VARCHAR(255) NOT NULL PRIMARY KEY) WITHOUT ROWID;
    INSERT INTO desired_groups VALUES
      ('analytics'), ('billing'), ('checkout'), ('fraud-detection'), ('inventory'), ('shipping');
    CREATE TABLE deployments (
      id BIGINT NOT NULL PRIMARY KEY, colour VARCHAR(5) NOT NULL, version VARCHAR(20) NOT NULL,
      started_at DATETIME NOT NULL, healthy BOOLEAN NOT NULL, workers INTEGER NOT NULL
    );
    INSERT INTO deployments VALUES
      (1, 'blue', '4.1.0', '2026-01-12 04:00:00', 1, 8),
      (2, 'green', '4.2.0', '2026-02-02 04:00:00.25', 1, 8),
      (3, 'blue', '4.2.1', '2026-02-16 04:00:00', 0, 12);
    CREATE TABLE incidents (
      id BIGINT NOT NULL PRIMARY KEY, opened_on DATE NOT NULL, closed_on DATE, summary TEXT NOT NULL, cost DECIMAL(9,2)
    );
    INSERT INTO incidents VALUES
      (101, '2025-11-03', '2025-11-04', 'Planner ran out of memory', 1250.5),
      (102, '2026-01-20', '2026-01-20', 'Certificate of the gateway expired', 0),
      (103, '2026-02-17', NULL, 'Slow scans on blue', NULL);`,
  sales: `
    CREATE TABLE customers (
      id BIGINT NOT NULL PRIMARY KEY, name VARCHAR(80) NOT NULL, country CHAR(2) NOT NULL, signed_up DATE NOT NULL,
      is_active BOOLEAN NOT NULL, credit_limit DECIMAL(12,2), rating FLOAT
    );
    INSERT INTO customers VALUES
      (1, 'Amara Okafor', 'NG', '2021-03-14', 1, 5000, 4.5),
      (2, 'Björn Lindqvist', 'SE', '2019-11-30', 1, 12500.5, 3.75),
      (3, 'Chiara Ferri', 'IT', '2023-07-01', 0, NULL, NULL),
      (4, 'Daniel O''Brien', 'IE', '2020-02-29', 1, 800, 2.25),
      (5, '江口 栄子', 'JP', '2024-12-24', 1, 99999.99, 5);
    CREATE TABLE products (
      sku VARCHAR(20) NOT NULL PRIMARY KEY, title TEXT NOT NULL, price DECIMAL(10,2) NOT NULL, weight_kg FLOAT,
      stock INTEGER NOT NULL, tags ARRAY, attributes MAP, thumbnail BLOB
    );
    INSERT INTO products VALUES
      ('LAMP-01', 'Desk lamp', 39.9, 1.25, 140, '["light","office"]', '{"colour":"black"}', x'89504e470d0a1a0a'),
      ('CHAIR-07', 'Office chair', 249, 14.5, 12, '["office"]', '{"colour":"grey","wheels":"5"}', NULL),
      ('PEN-99', 'Pen', 1.05, 0.015625, 10000, '[]', NULL, x'00ff');
    CREATE TABLE orders (
      id BIGINT NOT NULL PRIMARY KEY, customer_id BIGINT NOT NULL REFERENCES customers (id), status VARCHAR(10) NOT NULL,
      ordered_at TIMESTAMP_TZ 'Europe/Berlin' NOT NULL, total DECIMAL(12,2) NOT NULL, discount DOUBLE, ship_to STRUCT
    );
    INSERT INTO orders VALUES
      (1001, 1, 'paid', '2026-01-31 18:05:12.5+01:00', 289.95, 0.1, '{"city":"Lagos","zip":"100001"}'),
      (1002, 2, 'shipped', '2026-02-01 09:00:00+01:00', 39.9, NULL, '{"city":"Uppsala","zip":"75105"}'),
      (1003, 5, 'paid', '2026-03-29 03:30:00+02:00', 2490, 0.25, NULL),
      (1004, 4, 'cancelled', '2026-03-30 00:00:00+02:00', 1.05, 0, '{"city":"Cork","zip":"T12"}');
    CREATE TABLE order_items (
      order_id BIGINT NOT NULL REFERENCES orders (id), sku VARCHAR(20) NOT NULL REFERENCES products (sku),
      quantity INTEGER NOT NULL, PRIMARY KEY (order_id, sku)
    );
    INSERT INTO order_items VALUES
      (1001, 'LAMP-01', 1), (1001, 'CHAIR-07', 1), (1001, 'PEN-99', 1), (1002, 'LAMP-01', 1),
      (1003, 'CHAIR-07', 10), (1004, 'PEN-99', 1);`,
  lab: `
    CREATE TABLE sensors (
      id BIGINT NOT NULL PRIMARY KEY, site VARCHAR(40) NOT NULL, installed DATE NOT NULL, calibration DECIMAL(8,6) NOT NULL
    );
    INSERT INTO sensors VALUES
      (1, 'roof', '2022-05-01', 0.998001), (2, 'basement', '2022-05-01', 1.0025), (3, 'gate', '2024-09-15', 1);
    CREATE TABLE readings (
      id BIGINT NOT NULL PRIMARY KEY, sensor_id BIGINT NOT NULL REFERENCES sensors (id), taken_at DATETIME NOT NULL,
      celsius DOUBLE, humidity FLOAT, valid BOOLEAN NOT NULL
    );
    WITH RECURSIVE numbers (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM numbers WHERE n < 10000)
    INSERT INTO readings
      SELECT n, 1 + n % 3, datetime(1767225600 + 60 * n, 'unixepoch'),
        CASE WHEN n % 97 <> 0 THEN (n * 37 % 4000) / 100.0 - 10 END, n * 13 % 101, n % 97 <> 0
      FROM numbers;`,
};
