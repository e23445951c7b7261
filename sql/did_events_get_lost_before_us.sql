-- Did events get lost before they reached us?
-- Window: everything the session reads.
-- Out: sources whose ce_sequence has gaps: numbers missing between the lowest and the highest, and how many came twice. Spillway cannot
-- have lost these: they are not in the input. Empty is good.
SELECT
  source, MIN(sequence_number) AS lowest, MAX(sequence_number) AS highest,
  MAX(sequence_number) - MIN(sequence_number) + 1 - COUNT(DISTINCT sequence_number) AS missing,
  COUNT(sequence_number) - COUNT(DISTINCT sequence_number) AS twice
FROM events
GROUP BY source
HAVING MAX(sequence_number) - MIN(sequence_number) + 1 <> COUNT(sequence_number)
ORDER BY missing DESC, source LIMIT 200
;
