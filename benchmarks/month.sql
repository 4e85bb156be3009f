-- The month of scorecards whose measures are all entered, computed by the database alone.
WITH measured AS (
    SELECT m.objective_id, w.weight, m.curve_scores AS y, t.points AS x,
        CASE WHEN m.method = 'ratio' THEN m.factor * r.numerator / nullif(r.denominator, 0) ELSE r.value END AS value
    FROM scorecards_measure m
    JOIN scorecards_scorecard c ON c.id = m.scorecard_id
    JOIN scorecards_measureweight w ON w.node_id = m.id
    LEFT JOIN scorecards_target t ON t.measure_id = m.id
    LEFT JOIN scorecards_reading r ON r.measure_id = m.id AND r.month = %(month)s AND r.not_applicable = ''
        AND (r.state = 'verified' OR (r.state = 'submitted' AND c.counts = 'submitted'))
    WHERE m.scorecard_id = ANY(%(ids)s)
), scored AS (
    SELECT objective_id, weight, (
        SELECT CASE
            WHEN value IS NULL THEN NULL
            WHEN value <= least(x0, x1) AND i = first_part THEN CASE WHEN x0 < x1 THEN y0 ELSE y1 END
            WHEN value >= greatest(x0, x1) AND i = last_part THEN CASE WHEN x0 < x1 THEN y1 ELSE y0 END
            ELSE y0 + (y1 - y0) * (value - x0) / (x1 - x0) END
        FROM generate_series(0, jsonb_array_length(x) - 2) i,
            LATERAL (SELECT (x->>i)::float8 AS x0, (x->>(i + 1))::float8 AS x1, (y->>i)::float8 AS y0, (y->>(i + 1))::float8 AS y1,
                CASE WHEN (x->>0)::float8 < (x->>1)::float8 THEN 0 ELSE jsonb_array_length(x) - 2 END AS first_part,
                CASE WHEN (x->>0)::float8 < (x->>1)::float8 THEN jsonb_array_length(x) - 2 ELSE 0 END AS last_part) p
        WHERE (value BETWEEN least(x0, x1) AND greatest(x0, x1)) OR (value < least(x0, x1) AND i = first_part) OR (value > greatest(x0, x1) AND i = last_part)
        ORDER BY i LIMIT 1) AS score
    FROM measured
), objectives AS (
    SELECT o.id, o.perspective_id, ow.weight, sum(s.weight * s.score) / nullif(sum(s.weight) FILTER (WHERE s.score IS NOT NULL), 0) AS score
    FROM scorecards_objective o JOIN scorecards_objectiveweight ow ON ow.node_id = o.id LEFT JOIN scored s ON s.objective_id = o.id
    WHERE o.scorecard_id = ANY(%(ids)s) GROUP BY o.id, ow.weight
), perspectives AS (
    SELECT p.id, p.scorecard_id, pw.weight, sum(o.weight * o.score) / nullif(sum(o.weight) FILTER (WHERE o.score IS NOT NULL), 0) AS score
    FROM scorecards_perspective p JOIN scorecards_perspectiveweight pw ON pw.node_id = p.id LEFT JOIN objectives o ON o.perspective_id = p.id
    WHERE p.scorecard_id = ANY(%(ids)s) GROUP BY p.id, pw.weight
)
SELECT scorecard_id, sum(weight * score) / nullif(sum(weight) FILTER (WHERE score IS NOT NULL), 0) FROM perspectives GROUP BY scorecard_id
