-- A country of customs: set by set, nothing by chance that the seed does not repeat.
-- Parameters: districts, houses, officers, seed, years (list), months (list of ordinals).
CREATE FUNCTION pg_temp.chance(a bigint, b bigint) RETURNS double precision LANGUAGE sql IMMUTABLE AS
$$ SELECT (hashint8extended(a * 1000003 + b, %(seed)s) & 1048575) / 1048576.0 $$;

INSERT INTO organisation_unit (id, code, name, name_zh, kind, parent_id, version)
SELECT 1, 'GACC', 'General Administration of Customs', '海关总署', 'administration', NULL::bigint, 1
UNION ALL
SELECT 1 + d, to_char(d * 100, 'FM0000'), 'District ' || d, '第' || d || '关区', 'district', 1, 1 FROM generate_series(1, %(districts)s) d
UNION ALL
SELECT 1 + %(districts)s + h, 'H' || to_char(h, 'FM0000'), 'Customs house ' || h, '第' || h || '海关', 'house',
       2 + (h - 1) * %(districts)s / %(houses)s, 1
FROM generate_series(1, %(houses)s) h;

INSERT INTO organisation_unitpath (above_id, below_id, distance)
SELECT id, id, 0 FROM organisation_unit
UNION ALL SELECT parent_id, id, 1 FROM organisation_unit WHERE parent_id IS NOT NULL
UNION ALL SELECT p.parent_id, u.id, 2 FROM organisation_unit u JOIN organisation_unit p ON p.id = u.parent_id WHERE p.parent_id IS NOT NULL;

INSERT INTO organisation_user (id, username, name, name_zh, password, language, theme, is_active, must_change_password, version)
SELECT o, to_char(o, 'FM000000'), 'Officer ' || o, '关员' || o, '!', '', 'auto', true, true, 1 FROM generate_series(1, %(officers)s) o;

INSERT INTO organisation_membership (user_id, unit_id, role, from_date)
SELECT o, 2 + %(districts)s + (o - 1) * %(houses)s / %(officers)s, 'officer', make_date(%(first_year)s, 1, 1) FROM generate_series(1, %(officers)s) o;

CREATE TEMP TABLE card AS
WITH entity AS (
    SELECT id AS unit_id, kind, 0 AS officer, 20 + id * 7 %% 41 AS measures, 8 AS objectives FROM organisation_unit
    UNION ALL
    SELECT 2 + %(districts)s + (o - 1) * %(houses)s / %(officers)s, 'officer', o, 8 + o %% 3, 4 FROM generate_series(1, %(officers)s) o
)
SELECT row_number() OVER (ORDER BY y, unit_id, officer) AS id, y AS year, entity.* FROM entity, unnest(%(years)s) y;

INSERT INTO scorecards_scorecard (id, unit_id, officer, year, name, name_zh, missing_policy, counts, deadline_day, minimum_completeness,
    adjustment_limit, tension_thresholds, bands, illustrative, provenance, provenance_zh, version)
SELECT id, unit_id, CASE WHEN officer = 0 THEN '' ELSE to_char(officer, 'FM000000') END, year, 'Scorecard ' || year, year || '年计分卡',
    CASE WHEN id %% 10 = 0 THEN 'zero' ELSE 'exclude' END, CASE WHEN id %% 7 = 0 THEN 'verified' ELSE 'submitted' END, 10, 0.5,
    10, '{"low": 60, "moved": 5, "wide": 15}', '[["red", 0], ["amber", 60], ["green", 85]]', true,
    'Illustrative: generated for tests of scale.', '示例数据：为规模测试而生成。', 1
FROM card;

CREATE TEMP TABLE perspective AS
SELECT (c.id - 1) * 4 + p AS id, c.id AS card, p FROM card c, generate_series(1, 4) p;
INSERT INTO scorecards_perspective (id, scorecard_id, code, name, name_zh, position)
SELECT id, card, (ARRAY['C', 'P', 'L', 'F'])[p], (ARRAY['Customer', 'Internal process', 'Learning and growth', 'Financial'])[p],
    (ARRAY['服务对象', '内部流程', '学习与成长', '财务'])[p], p - 1 FROM perspective;
INSERT INTO scorecards_perspectiveweight (node_id, from_month, weight) SELECT id, 0, 10 + 5 * ((id + card) %% 6) FROM perspective;

CREATE TEMP TABLE objective AS
SELECT row_number() OVER (ORDER BY c.id, (i - 1) %% 4, i) AS id, c.id AS card, i, (c.id - 1) * 4 + (i - 1) %% 4 + 1 AS perspective
FROM card c, generate_series(1, c.objectives) i;
INSERT INTO scorecards_objective (id, scorecard_id, perspective_id, code, name, name_zh, position, description, description_zh, owner, theme, checkpoints)
SELECT id, card, perspective, 'O' || i, 'Objective ' || i, '目标' || i, i - 1, '', '', '', '', '[]' FROM objective;
INSERT INTO scorecards_objectiveweight (node_id, from_month, weight) SELECT id, 0, 1 + id %% 3 FROM objective;

-- Units: 1 to 3 roll up, 4 is a formula, 5 a mirror (of the unit above), the others are entered. Officers enter all.
CREATE TEMP TABLE measure AS
SELECT row_number() OVER (ORDER BY o.card, o.id, j) AS id, o.card, o.id AS objective, j, c.kind, c.unit_id, c.officer, c.year,
    CASE WHEN c.kind = 'officer' OR c.kind = 'administration' AND j = 5 OR j > 5 THEN 'entered'
         WHEN j <= 3 THEN 'rollup' WHEN j = 4 THEN 'formula' ELSE 'mirror' END AS source,
    CASE WHEN c.kind <> 'officer' AND j <= 3 THEN (ARRAY['ratio', 'average', 'sum'])[j]
         ELSE (ARRAY['ratio', 'average', 'sum', 'weighted', 'latest', 'ratio', 'minimum', 'average', 'maximum', 'weighted'])[(j - 1) %% 10 + 1] END AS method
FROM objective o JOIN card c ON c.id = o.card, generate_series(o.i, c.measures, c.objectives) j;
CREATE INDEX ON measure (unit_id, year, j) WHERE kind <> 'officer';
CREATE INDEX ON measure (unit_id, year, j) WHERE kind = 'officer';
ANALYZE measure;

INSERT INTO scorecards_measure (id, scorecard_id, objective_id, code, name, name_zh, position, unit, source, formula, across, factor, veto_cap,
    method, frequency, preset, better, curve_scores, owner, data_source, definition, definition_zh, kind)
SELECT id, card, objective, 'M' || to_char(j, 'FM00'), 'Measure ' || j, '指标' || j, j - 1, CASE WHEN method = 'ratio' THEN '%%' ELSE '' END, source,
    CASE WHEN source = 'formula' THEN '(M01 + M02) / 2 - 0.1 * M06' ELSE '' END,
    CASE WHEN source = 'rollup' AND method <> 'ratio' THEN method ELSE '' END,
    CASE WHEN source <> 'mirror' AND method = 'ratio' THEN 100 END, CASE WHEN j = 7 AND id %% 5 = 0 THEN 59 END,
    CASE WHEN source = 'mirror' THEN '' ELSE method END,
    CASE WHEN source = 'mirror' THEN '' WHEN kind <> 'officer' AND j > 5 AND j %% 9 = 0 THEN 'quarterly' ELSE 'monthly' END,
    CASE WHEN source = 'mirror' THEN '' ELSE (ARRAY['red_flag', 'target', 'stretch', 'red_flag', 'custom'])[j %% 5 + 1] END,
    CASE WHEN source = 'mirror' THEN '' WHEN j %% 4 = 3 THEN 'lower' ELSE 'higher' END,
    CASE WHEN source = 'mirror' THEN '[]' ELSE (ARRAY['[0, 60, 100, 120]', '[0, 100]', '[0, 100, 120]', '[0, 60, 100, 120]', '[0, 40, 80, 100, 110]'])[j %% 5 + 1] END::jsonb,
    '', '', '', '', CASE WHEN j %% 2 = 0 THEN 'leading' ELSE 'lagging' END
FROM measure;
INSERT INTO scorecards_measureweight (node_id, from_month, weight) SELECT id, 0, 1 + id %% 4 FROM measure;

-- A sum is in tenths of a count, and a roll-up's points are for all contributors together.
INSERT INTO scorecards_target (measure_id, from_month, points)
SELECT m.id, year * 12, to_jsonb(ARRAY(
    SELECT round((CASE WHEN j %% 4 = 3 THEN 130 - p ELSE p END) * CASE WHEN method = 'sum' AND source = 'rollup' AND kind = 'house' THEN %(officers)s / %(houses)s
        WHEN method = 'sum' AND source = 'rollup' AND kind = 'district' THEN %(officers)s / %(districts)s
        WHEN method = 'sum' AND source = 'rollup' THEN %(districts)s ELSE 1 END::numeric, 2)
    FROM unnest((ARRAY['{40,62,85,110}', '{45,90}', '{40,88,115}', '{35,60,80,105}', '{20,50,70,90,110}'])[j %% 5 + 1]::numeric[]) p))
FROM measure m WHERE source <> 'mirror';

INSERT INTO scorecards_contributor (measure_id, source_id, position)
SELECT up.id, down.id, row_number() OVER (PARTITION BY up.id ORDER BY down.id) FROM measure up
JOIN measure down ON down.kind = 'officer' AND down.unit_id = up.unit_id AND down.year = up.year AND down.j = up.j
WHERE up.kind = 'house' AND up.j <= 3
UNION ALL
SELECT up.id, down.id, row_number() OVER (PARTITION BY up.id ORDER BY down.id) FROM measure up
JOIN organisation_unit u ON u.parent_id = up.unit_id
JOIN measure down ON down.kind = 'house' AND down.unit_id = u.id AND down.year = up.year AND down.j = up.j
WHERE up.kind = 'district' AND up.j <= 3
UNION ALL
SELECT up.id, down.id, row_number() OVER (PARTITION BY up.id ORDER BY down.id) FROM measure up
JOIN measure down ON down.kind = 'district' AND down.year = up.year AND down.j = up.j + 10
WHERE up.kind = 'administration' AND up.j <= 3
UNION ALL
SELECT up.id, down.id, (ARRAY[1, 2, NULL, NULL, NULL, 3])[down.j] FROM measure up
JOIN measure down ON down.card = up.card AND down.j IN (1, 2, 6) WHERE up.source = 'formula'
UNION ALL
SELECT up.id, down.id, 1 FROM measure up JOIN organisation_unit u ON u.id = up.unit_id
JOIN measure down ON down.kind <> 'officer' AND down.unit_id = u.parent_id AND down.year = up.year AND down.j = 11 WHERE up.source = 'mirror';

INSERT INTO scorecards_reading (measure_id, month, value, volume, numerator, denominator, not_applicable, state, entered_at, version, note, returned_because)
SELECT m.id, month,
    CASE WHEN na OR method = 'ratio' THEN NULL ELSE v END,
    CASE WHEN NOT na AND method = 'weighted' THEN n END,
    CASE WHEN NOT na AND method = 'ratio' THEN round((n * v / 120)::numeric) END,
    CASE WHEN NOT na AND method = 'ratio' THEN n END,
    CASE WHEN na THEN 'Not applicable this month' ELSE '' END,
    CASE WHEN pg_temp.chance(m.id, month + 5000000) < 0.03 THEN 'draft' WHEN month = %(last_month)s THEN 'submitted' ELSE 'verified' END, now(), 1, '', ''
FROM measure m, unnest(%(months)s) month,
LATERAL (SELECT round((30 + 80 * pg_temp.chance(m.id, month))::numeric, 1) AS v, 20 + floor(400 * pg_temp.chance(m.id, month + 1000000)) AS n,
    pg_temp.chance(m.id, month + 2000000) < 0.01 AS na, pg_temp.chance(m.id, month + 3000000) AS there) x
WHERE source = 'entered' AND month / 12 = year AND there < 0.93 AND (kind = 'officer' OR j %% 9 <> 0 OR j <= 5 OR month %% 12 %% 3 = 2)
ORDER BY month, m.id;

INSERT INTO scorecards_adjustment (scorecard_id, month, points, reason, evidence, state, proposed_at, decided_at, decision)
SELECT id, month, CASE WHEN pg_temp.chance(id, month) < 0.5 THEN 2 ELSE -3 END, 'Commendation or finding', '', 'approved', now(), now(), ''
FROM card, unnest(%(months)s) month WHERE month / 12 = year AND pg_temp.chance(id, month + 4000000) < 0.01;
