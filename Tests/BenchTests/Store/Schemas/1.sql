-- A store of schema 1, as bitlab 0.1.0 makes it, with one named run of two points, of which one is measured.
PRAGMA application_id = 1651078252;
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO grdb_migrations VALUES ('1');
CREATE TABLE runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL CHECK (kind IN ('bench', 'simulate')),
  name TEXT UNIQUE,
  arguments TEXT NOT NULL,
  planned_points INTEGER NOT NULL,
  record_schema INTEGER NOT NULL,
  context TEXT NOT NULL,
  warnings TEXT NOT NULL
) STRICT;
CREATE TABLE points (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  key TEXT NOT NULL,
  subject TEXT NOT NULL,
  is_complete INTEGER NOT NULL CHECK (is_complete IN (0, 1)),
  payload TEXT NOT NULL,
  UNIQUE (run_id, key)
) STRICT;
CREATE TABLE samples (
  point_id INTEGER NOT NULL REFERENCES points (id) ON DELETE CASCADE,
  quantity TEXT NOT NULL,
  samples TEXT NOT NULL,
  PRIMARY KEY (point_id, quantity)
) STRICT;
INSERT INTO runs VALUES (
  3, 'bench', 'main', '["bench","--seed=1"]', 2, 1,
  '{"bitlab_version":"0.1.0","build_type":"release","command_line":"bitlab bench --seed=1","counter_events":"","cpu_model":"Example CPU","date":"2025-02-03T04:05:06Z","seed":1,"weights_source":"Gaussian"}',
  '[]');
INSERT INTO points VALUES (
  7, 3, 0, 'mad-i2s-avx2 3200x3200 M=1 threads=2 cold bitnet-3b q,o', 'mad-i2s-avx2', 1,
  '{"activations":"int8","cache":"cold","exact":true,"family":"mad","in_features":3200,"isa":"avx2","kernel":"mad-i2s-avx2","latency_coverage":0.75,"latency_high_s":0.00011,"latency_low_s":9e-05,"latency_median_s":0.0001,"latency_samples":3,"layer_roles":"q,o","model":"bitnet-3b","out_features":3200,"packing":"i2s","status":"measured","stop_reason":"time-cap","threads":2,"tokens":1,"weights":"ternary"}');
INSERT INTO samples VALUES (7, 'latency_median_s', '[0.0001,0.00011,9e-05]');
