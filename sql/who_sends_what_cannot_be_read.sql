-- Who sends what cannot be read?
-- Window: 1 minute of the broker's clock.
-- Out: the ten sources with most dead letters in each window, with one of the reasons.
SELECT window_start, place, source, letters, a_reason
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY letters DESC, source) AS place
  FROM (
    SELECT window_start, window_end, source, COUNT(*) AS letters, MAX(reason) AS a_reason
    FROM TABLE(TUMBLE(TABLE dead_letters, DESCRIPTOR(written), INTERVAL '1' MINUTE))
    GROUP BY window_start, window_end, source
  )
)
WHERE place <= 10
ORDER BY window_start DESC, place LIMIT 200
;
